import { barGeometry } from '../../../../core/charts/bar-geometry.ts';
import { labelStep } from '../../../../core/charts/label-step.ts';
import { number, compactNumber } from '../format/numbers.ts';
import { XAxis, YAxis } from './axes.tsx';
import { Figure, Legend } from './figure.tsx';
import { useWidth } from './use-width.ts';

interface BarChartProps {
  readonly title: string;
  readonly xTitle: string;
  readonly labels: readonly string[];
  readonly series: readonly { label: string; values: readonly (number | null)[]; tone: number }[];
  readonly height?: number;
  readonly yFormat?: (y: number) => string;
  readonly valueFormat?: (value: number | null | undefined) => string;
}

/** Draws bars side by side, one group per label. */
export function BarChart({
  title,
  xTitle,
  labels,
  series,
  height = 200,
  yFormat = compactNumber,
  valueFormat = number,
}: BarChartProps) {
  const [element, width] = useWidth<HTMLDivElement>();
  const frame = { left: 52, right: width - 8, top: 10, bottom: height - 24 };
  const { bars, yTicks, centres } = barGeometry({
    frame,
    places: labels.length,
    series: series.map(({ values }) => values),
  });
  const every = labelStep(labels, frame.right - frame.left);
  const marks = labels
    .map((label, place) => ({ label, at: centres[place]! }))
    .filter((_, place) => place % every === 0);
  return (
    <Figure
      title={title}
      {...(series.length > 1
        ? { legend: <Legend entries={series.map(({ label, tone }) => ({ label, tone }))} /> }
        : {})}
      table={{
        head: [xTitle, ...series.map(({ label }) => label)],
        rows: labels.map((label, i) => [label, ...series.map(({ values }) => valueFormat(values[i]))]),
      }}
    >
      <div ref={element}>
        <svg
          className="chart"
          width={width}
          height={height}
          role="img"
          aria-label={`${title}; a table with the values follows`}
        >
          <YAxis ticks={yTicks} frame={frame} format={yFormat} />
          {bars.map(({ series: of, place, value, ...box }) => (
            <rect key={`${of} ${place}`} className={`bar tone-${series[of]!.tone}`} {...box}>
              <title>{`${labels[place]} · ${series[of]!.label}: ${valueFormat(value)}`}</title>
            </rect>
          ))}
          <XAxis frame={frame} positions={marks} />
        </svg>
      </div>
    </Figure>
  );
}
