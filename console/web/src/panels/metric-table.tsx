import { inUnitOf, metricLabel, metricsInOrder } from '../../../../contracts/metric-facts.ts';
import { distanceFromBest, judged } from '../format/metric-directions.ts';
import { alignedNumber, plural, signed } from '../format/numbers.ts';
import { MetricName } from '../ui/metric-name.tsx';
import { Empty } from '../ui/panel.tsx';
import { Table } from '../ui/table.tsx';

export interface Measured {
  readonly name: string;
  readonly metrics: Readonly<Record<string, number>>;
}

interface MetricTableProps {
  /** The first one is the baseline of the others. */
  readonly of: readonly Measured[];
  /** Leaves out what is neither better nor worse, such as a number of rows. */
  readonly directedOnly?: boolean;
}

/** Lists metrics side by side, and marks what is better and worse than the baseline. */
export function MetricTable({ of, directedOnly = false }: MetricTableProps) {
  const keys = metricsInOrder([...new Set(of.flatMap(({ metrics }) => Object.keys(metrics)))]);
  const { true: others = [], false: directed = [] } = Object.groupBy(keys, (key) => `${isUndirected(key)}`);
  if (keys.length === 0) return <Empty>No metrics were logged.</Empty>;
  return (
    <>
      {directed.length > 0 && <Figures of={of} metrics={directed} caption="Metrics" plain={directedOnly} />}
      {!directedOnly && others.length > 0 && (
        <details>
          <summary className="small">
            {plural(others.length, 'number')} that are neither better nor worse
          </summary>
          <Figures of={of} metrics={others} caption="Other figures" />
        </details>
      )}
    </>
  );
}

interface FiguresProps {
  readonly of: readonly Measured[];
  readonly metrics: readonly string[];
  readonly caption: string;
  readonly plain?: boolean;
}

function Figures({ of, metrics, caption, plain = false }: FiguresProps) {
  const [baseline] = of;
  return (
    <Table
      plain={plain}
      caption={`${caption} of ${of.map(({ name }) => name).join(', ')}`}
      rows={metrics}
      rowKey={(key) => key}
      columns={[
        { head: 'Metric', value: metricLabel, cell: (key) => <MetricName text={key} /> },
        ...of.map((one, i) => ({
          head: one.name,
          numeric: true,
          value: (key: string) => inUnit(key, one.metrics[key]),
          cell: (key: string) => (
            <Figure
              metric={key}
              value={one.metrics[key]}
              baseline={i > 0 ? baseline?.metrics[key] : undefined}
              best={bestOf(of, key) === one}
            />
          ),
        })),
      ]}
    />
  );
}

const inUnit = (metric: string, value: number | undefined) => value && inUnitOf(metric, value);
const isUndirected = (metric: string) => distanceFromBest(metric, 0) === undefined;

/** Returns the one with the best value; undefined if the metric has no direction or several are equally good. */
function bestOf(of: readonly Measured[], metric: string): Measured | undefined {
  const ranked = of
    .flatMap((one) => {
      const value = one.metrics[metric];
      const distance = value === undefined ? undefined : distanceFromBest(metric, value);
      return distance === undefined ? [] : [{ one, distance }];
    })
    .sort((a, b) => a.distance - b.distance);
  const [first, second] = ranked;
  return second && first!.distance < second.distance ? first!.one : undefined;
}

const TONES = { better: 'ink-good', worse: 'ink-bad', equal: 'muted' } as const;

interface FigureProps {
  readonly metric: string;
  readonly value: number | undefined;
  readonly baseline: number | undefined;
  readonly best: boolean;
}

function Figure({ metric, value, baseline, best }: FigureProps) {
  if (value === undefined) return <span className="muted">–</span>;
  const judgement = baseline === undefined ? undefined : judged(metric, value, baseline);
  const shown = alignedNumber(inUnitOf(metric, value));
  return (
    <span title={String(value)}>
      {best ? <b>{shown}</b> : shown}
      {best && <span className="hidden"> (best)</span>}
      {baseline !== undefined && (
        <span className={`metric-change small ${judgement ? TONES[judgement] : 'muted'}`}>
          {judgement === 'equal' || value === baseline
            ? 'equal'
            : `${signed(inUnitOf(metric, value - baseline))}${judgement ? ` ${judgement}` : ''}`}
        </span>
      )}
    </span>
  );
}
