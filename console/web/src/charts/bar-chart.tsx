import { number, shortNumber } from '../format/numbers.ts';
import { XAxis, YAxis, thinned, type Frame } from './axes.tsx';
import { Figure, Legend } from './figure.tsx';
import { extent, linearScale, nice } from './scale.ts';
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

/** Bars side by side, one group a label. */
export function BarChart({
  title,
  xTitle,
  labels,
  series,
  height = 200,
  yFormat = shortNumber,
  valueFormat = number,
}: BarChartProps) {
  const [element, width] = useWidth<HTMLDivElement>();
  const frame: Frame = { left: 52, right: width - 8, top: 10, bottom: height - 24 };
  const y = linearScale(
    nice(
      extent(
        series.flatMap(({ values }) => values),
        true,
      ),
    ),
    [frame.bottom, frame.top],
  );
  const slot = (frame.right - frame.left) / Math.max(1, labels.length);
  const bar = (slot * 0.8) / Math.max(1, series.length);
  const centre = (i: number) => frame.left + slot * (i + 0.5);
  const marks = labels.map((label, i) => ({ label, at: centre(i) }));
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
          aria-label={`${title}; the figures are below as a table`}
        >
          <YAxis scale={y} frame={frame} format={yFormat} />
          {series.map(({ label, values, tone }, which) =>
            values.map(
              (value, i) =>
                value !== null && (
                  <rect
                    key={`${label} ${i}`}
                    className={`bar tone-${tone}`}
                    x={centre(i) - (bar * series.length) / 2 + bar * which}
                    width={Math.max(1, bar - 1)}
                    y={Math.min(y(value), y(0))}
                    height={Math.abs(y(value) - y(0))}
                  >
                    <title>{`${labels[i]} · ${label}: ${valueFormat(value)}`}</title>
                  </rect>
                ),
            ),
          )}
          <XAxis frame={frame} positions={thinned(marks, width / 44)} />
        </svg>
      </div>
    </Figure>
  );
}
