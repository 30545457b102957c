import { useId } from 'react';
import {
  readableColumn,
  readableScores,
  scoreName,
  scoreText,
  unitOf,
} from '../../../../../contracts/drift-reading.ts';
import type { DriftColumn, DriftHistogram, DriftWeek } from '../../api/bodies.ts';
import { BarChart } from '../../charts/bar-chart.tsx';
import { LineChart } from '../../charts/line-chart.tsx';
import { number, percent } from '../../format/numbers.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Empty, Panel, Unavailable } from '../../ui/panel.tsx';
import { useHistograms } from './queries.ts';

interface DistributionsProps {
  readonly weeks: readonly DriftWeek[];
  readonly columns: readonly DriftColumn[] | null;
  /** Undefined selects all weeks of the latest check. */
  readonly week: string | undefined;
  /** Undefined selects all columns, in small charts. */
  readonly column: string | undefined;
  readonly onChange: (fields: Readonly<Record<string, string | undefined>>) => void;
}

/** Compares the distribution of each column with the reference, from the report of the check in S3. */
export function Distributions({ weeks, columns, week, column, onChange }: DistributionsProps) {
  const shown = weeks.find((row) => row['week'] === week) ?? weeks.at(-1);
  const reportUri = shown?.['report_uri'];
  const query = useHistograms(typeof reportUri === 'string' ? reportUri : undefined);
  const ids = { week: useId(), column: useId() };
  const scores = [...Map.groupBy(columns ?? [], (each) => each.week).values()].flatMap((all) =>
    readableScores(all),
  );
  const histograms = readableHistograms(query.data?.data?.columns ?? []);
  const names = histograms.map((each) => each.column);
  return (
    <Panel
      title="Distributions"
      aside={
        <>
          <label className="row" htmlFor={ids.week}>
            Week
            <select
              id={ids.week}
              value={week ?? ''}
              onChange={(event) => onChange({ week: event.target.value || undefined })}
            >
              <option value="">all weeks of the latest check</option>
              {weeks.map((row) => (
                <option key={String(row['week'])}>{String(row['week'])}</option>
              ))}
            </select>
          </label>
          <label className="row" htmlFor={ids.column}>
            Column
            <select
              id={ids.column}
              value={column ?? ''}
              onChange={(event) => onChange({ column: event.target.value || undefined })}
            >
              <option value="">all</option>
              {names.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </label>
        </>
      }
    >
      <Answered query={query} what="the distributions">
        {({ data, upstreams }) => (
          <>
            <Outages upstreams={upstreams} />
            {!data && <Unavailable server="S3" />}
            {data && !data.columns && (
              <Empty>The report of this check has no distributions. Run the check again to add them.</Empty>
            )}
            {data?.columns && (
              <>
                <p className="small muted">
                  Share of the values in each bin: {week ?? `${data.currentFrom} to ${data.currentTo}`}{' '}
                  against the reference, {data.referenceFrom} to {data.referenceTo}.
                </p>
                <div className={column ? 'grid-2' : 'grid-3'}>
                  {histograms
                    .filter((each) => column === undefined || each.column === column)
                    .map((each) => (
                      <Distribution
                        key={each.column}
                        histogram={each}
                        week={week}
                        score={scores.find((one) => one.column === each.column && one.week === week)}
                        height={column ? 260 : 130}
                      />
                    ))}
                  {column && <ScoreByWeek scores={scores.filter((each) => each.column === column)} />}
                </div>
              </>
            )}
          </>
        )}
      </Answered>
    </Panel>
  );
}

/** Leaves out sine and cosine of the cycles that have a histogram of their own. Earlier reports have only sine and cosine. */
function readableHistograms(histograms: readonly DriftHistogram[]): readonly DriftHistogram[] {
  const names = new Set(histograms.map(({ column }) => column));
  return histograms.filter(({ column }) => {
    const readable = readableColumn(column);
    return readable === column || !names.has(readable);
  });
}

interface DistributionProps {
  readonly histogram: DriftHistogram;
  readonly week: string | undefined;
  /** Score of the chosen week. */
  readonly score: DriftColumn | undefined;
  readonly height: number;
}

function Distribution({ histogram, week, score, height }: DistributionProps) {
  const { column, bins, reference, current, weeks } = histogram;
  const counts = week === undefined ? current : (weeks[week] ?? []);
  const unit = unitOf(column);
  const name = unit ? `${column}, ${unit}` : column;
  return (
    <div className="stack-tight">
      <BarChart
        title={`${name}${score?.drifted ? ': drifted' : ''}`}
        xTitle={name}
        height={height}
        labels={bins.map(binLabel)}
        yFormat={percent}
        valueFormat={percent}
        series={[
          { label: 'reference', values: sharesOf(reference), tone: 6 },
          { label: week ?? 'current', values: sharesOf(counts), tone: 1 },
        ]}
      />
      {score && <p className="small muted">{scoreText(score, number)}</p>}
    </div>
  );
}

/** Draws the score of a column in every week, with the threshold from which it drifts. */
function ScoreByWeek({ scores }: { readonly scores: readonly DriftColumn[] }) {
  const weeks = scores.toSorted((a, b) => (a.week < b.week ? -1 : 1));
  const [first] = weeks;
  if (!first) return null;
  return (
    <LineChart
      title={`${first.column} by week`}
      xTitle="week"
      height={260}
      ticksAtPoints
      fromZero
      xFormat={(x) => weeks[Math.round(x)]?.week.replace(/^\d{4}-/, '') ?? ''}
      series={[
        { label: scoreName(first.test), tone: 1, points: weeks.map(({ score }, x) => ({ x, y: score })) },
        {
          label: 'threshold',
          tone: 5,
          dashed: true,
          points: weeks.map(({ threshold }, x) => ({ x, y: threshold })),
        },
      ]}
    />
  );
}

function binLabel([low, high]: DriftHistogram['bins'][number]): string {
  if (typeof low !== 'number') return low ?? '';
  return typeof high === 'number' ? `${number(low)} to ${number(high)}` : number(low);
}

function sharesOf(counts: readonly number[]): (number | null)[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? null : count / total));
}
