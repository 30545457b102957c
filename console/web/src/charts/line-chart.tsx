import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { number, shortNumber } from '../format/numbers.ts';
import { XAxis, YAxis, thinned, type Frame } from './axes.tsx';
import { Figure, Legend } from './figure.tsx';
import { extent, linearScale, nice, ticks } from './scale.ts';
import { useWidth } from './use-width.ts';

export interface Point {
  readonly x: number;
  readonly y: number | null;
}

export interface Series {
  readonly label: string;
  readonly points: readonly Point[];
  readonly tone: number;
  readonly dashed?: boolean;
}

export interface Band {
  readonly label: string;
  readonly points: readonly { x: number; low: number; high: number }[];
  readonly tone: number;
}

interface LineChartProps {
  readonly title: string;
  readonly series: readonly Series[];
  readonly band?: Band;
  readonly xTitle: string;
  readonly xFormat?: (x: number) => string;
  readonly yFormat?: (y: number) => string;
  /** Keep zero in sight. */
  readonly fromZero?: boolean;
  readonly height?: number;
  /** Ticks at the points themselves rather than at round numbers: hours, weeks. */
  readonly ticksAtPoints?: boolean;
}

/** Lines over a common x, read by pointer or by arrow keys. */
export function LineChart({
  title,
  series,
  band,
  xTitle,
  xFormat = (x) => number(x),
  yFormat = shortNumber,
  fromZero = false,
  height = 220,
  ticksAtPoints = false,
}: LineChartProps) {
  const [element, width] = useWidth<HTMLDivElement>();
  const [at, setAt] = useState<number>();
  const xs = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const frame: Frame = { left: 52, right: width - 12, top: 10, bottom: height - 24 };
  const x = linearScale(extent(xs), [frame.left, frame.right]);
  const values = series.flatMap(({ points }) => points.map((point) => point.y));
  const bounds = band?.points.flatMap(({ low, high }) => [low, high]) ?? [];
  const y = linearScale(nice(extent([...values, ...bounds], fromZero)), [frame.bottom, frame.top]);
  const room = 14 + 6.5 * Math.max(3, ...xs.map((value) => xFormat(value).length));
  const xTicks = ticksAtPoints
    ? thinned(xs, width / room)
    : ticks(x.domain, Math.max(2, width / Math.max(90, room)));
  const current = at === undefined ? undefined : xs[at];

  const toPointer = (event: PointerEvent<SVGSVGElement>) => {
    const place = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setAt(
      nearest(
        xs.map((value) => x(value)),
        place,
      ),
    );
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setAt((before) => Math.min(xs.length - 1, Math.max(0, (before ?? (step > 0 ? -1 : xs.length)) + step)));
  };

  return (
    <Figure
      title={title}
      legend={
        <Legend
          entries={[
            ...series.map((one) => ({
              label: one.label,
              tone: one.tone,
              ...(one.dashed ? { dashed: true } : {}),
              ...(current === undefined ? {} : { value: yFormat(valueAt(one, current) ?? NaN) }),
            })),
            ...(band ? [{ label: band.label, tone: band.tone, dashed: true }] : []),
            ...(current === undefined ? [] : [{ label: `${xTitle}:`, tone: 0, value: xFormat(current) }]),
          ]}
        />
      }
      table={{
        head: [xTitle, ...series.map(({ label }) => label)],
        rows: xs.map((value) => [xFormat(value), ...series.map((one) => number(valueAt(one, value)))]),
      }}
    >
      <div ref={element}>
        <svg
          className="chart"
          width={width}
          height={height}
          role="img"
          tabIndex={0}
          aria-label={`${title}. Arrow keys read the values; the figures are also below as a table.`}
          onPointerMove={toPointer}
          onPointerLeave={() => setAt(undefined)}
          onKeyDown={onKey}
          onBlur={() => setAt(undefined)}
        >
          <YAxis scale={y} frame={frame} format={yFormat} />
          <XAxis frame={frame} positions={xTicks.map((value) => ({ at: x(value), label: xFormat(value) }))} />
          {band && <path className={`band tone-${band.tone}`} d={bandPath(band.points, x, y)} />}
          {series.map((one) => (
            <g key={one.label}>
              <path
                className={`line tone-${one.tone}${one.dashed ? ' dashed' : ''}`}
                d={linePath(one.points, x, y)}
              />
              {one.points.length <= 60 &&
                one.points.map(
                  (point) =>
                    point.y !== null && (
                      <circle
                        key={point.x}
                        className={`dot tone-${one.tone}`}
                        cx={x(point.x)}
                        cy={y(point.y)}
                        r="2"
                      />
                    ),
                )}
            </g>
          ))}
          {current !== undefined && (
            <line className="cursor" x1={x(current)} x2={x(current)} y1={frame.top} y2={frame.bottom} />
          )}
        </svg>
      </div>
    </Figure>
  );
}

function valueAt(series: Series, x: number): number | null {
  return series.points.find((point) => point.x === x)?.y ?? null;
}

function nearest(positions: readonly number[], place: number): number {
  let best = 0;
  positions.forEach((position, i) => {
    if (Math.abs(position - place) < Math.abs(positions[best]! - place)) best = i;
  });
  return best;
}

type Scaled = (value: number) => number;

/** A gap in the values is a gap in the line. */
function linePath(points: readonly Point[], x: Scaled, y: Scaled): string {
  let path = '';
  let pen = 'M';
  for (const point of points) {
    if (point.y === null || !Number.isFinite(point.y)) {
      pen = 'M';
      continue;
    }
    path += `${pen}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`;
    pen = 'L';
  }
  return path;
}

function bandPath(points: Band['points'], x: Scaled, y: Scaled): string {
  const upper = points.map(({ x: at, high }) => `${x(at).toFixed(1)} ${y(high).toFixed(1)}`);
  const lower = points.map(({ x: at, low }) => `${x(at).toFixed(1)} ${y(low).toFixed(1)}`).reverse();
  return upper.length > 1 ? `M${[...upper, ...lower].join('L')}Z` : '';
}
