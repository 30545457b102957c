import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { labelStep } from '../../../../core/charts/label-step.ts';
import { lineGeometry, type Point } from '../../../../core/charts/line-geometry.ts';
import { ticksOf } from '../../../../core/charts/scales.ts';
import { number, compactNumber } from '../format/numbers.ts';
import { XAxis, YAxis } from './axes.tsx';
import { Figure, Legend } from './figure.tsx';
import { useWidth } from './use-width.ts';

export interface Series {
  readonly label: string;
  readonly points: readonly Point[];
  readonly tone: number;
  readonly dashed?: boolean;
}

interface Band {
  readonly label: string;
  readonly points: readonly { x: number; low: number; high: number }[];
  readonly tone: number;
}

/** Represents the lines behind the series, which share one entry of the legend. */
interface Backdrop {
  readonly label: string;
  readonly lines: readonly { readonly label: string; readonly points: readonly Point[] }[];
  readonly tone: number;
}

/** Spans of the horizontal axis with a darker ground. */
interface Shade {
  readonly label: string;
  readonly spans: readonly { readonly from: number; readonly to: number }[];
}

interface LineChartProps {
  readonly title: string;
  readonly series: readonly Series[];
  readonly band?: Band;
  readonly backdrop?: Backdrop;
  readonly shade?: Shade;
  readonly xTitle: string;
  readonly xFormat?: (x: number) => string;
  readonly yFormat?: (y: number) => string;
  /** Includes zero in the vertical axis. */
  readonly fromZero?: boolean;
  readonly height?: number;
  /** Puts ticks at the points and not at round numbers, as hours and weeks need. */
  readonly ticksAtPoints?: boolean;
  /** Choices of ticks, the densest first. The chart draws the first one whose labels fit, with a line at each tick. */
  readonly tickChoices?: readonly (readonly { readonly x: number; readonly label: string }[])[];
}

/** Draws lines over a common x. The pointer and the arrow keys read their values. */
export function LineChart({
  title,
  series,
  band,
  backdrop,
  shade,
  xTitle,
  xFormat = (x) => number(x),
  yFormat = compactNumber,
  fromZero = false,
  height = 220,
  ticksAtPoints = false,
  tickChoices,
}: LineChartProps) {
  const [element, width] = useWidth<HTMLDivElement>();
  const [at, setAt] = useState<number>();
  const xs = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const frame = { left: 52, right: width - 12, top: 10, bottom: height - 24 };
  const behind = backdrop?.lines ?? [];
  const { x, y, yTicks, paths, bandPath } = lineGeometry({
    frame,
    xs,
    lines: [...behind, ...series].map(({ points }) => points),
    band: band?.points ?? [],
    withZero: fromZero,
  });
  const room = frame.right - frame.left;
  const every = labelStep(xs.map(xFormat), room);
  const chosen = tickChoices?.find((ticks, i) => i === tickChoices.length - 1 || fits(ticks, room));
  const xTicks =
    chosen ??
    (ticksAtPoints
      ? xs.filter((_, i) => i % every === 0)
      : ticksOf(x, Math.max(2, xs.length / every)).map(({ value }) => value)
    ).map((value) => ({ x: value, label: xFormat(value) }));
  const current = at === undefined ? undefined : xs[at];

  const toPointer = (event: PointerEvent<SVGSVGElement>) => {
    const place = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const distances = xs.map((value) => Math.abs(x(value) - place));
    setAt(distances.length > 0 ? distances.indexOf(Math.min(...distances)) : undefined);
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
              mark: one.dashed ? ('dashes' as const) : ('line' as const),
              value: current === undefined ? undefined : yFormat(valueAt(one, current) ?? NaN),
            })),
            ...(band
              ? [{ label: band.label, tone: band.tone, mark: 'area' as const, value: rangeAt(band, current) }]
              : []),
            ...(backdrop && behind.length > 0
              ? [{ label: backdrop.label, tone: backdrop.tone, mark: 'faint' as const }]
              : []),
            ...(shade ? [{ label: shade.label, tone: 0, mark: 'shade' as const }] : []),
            ...(current === undefined ? [] : [{ label: `${xTitle}:`, tone: 0, value: xFormat(current) }]),
          ]}
        />
      }
      table={{
        head: [
          xTitle,
          ...series.map(({ label }) => label),
          ...(band ? [band.label] : []),
          ...behind.map(({ label }) => label),
        ],
        rows: xs.map((value) => [
          xFormat(value),
          ...series.map((one) => number(valueAt(one, value))),
          ...(band ? [rangeAt(band, value)] : []),
          ...behind.map((one) => number(valueAt(one, value))),
        ]),
      }}
    >
      <div ref={element}>
        <svg
          className="chart"
          width={width}
          height={height}
          role="img"
          tabIndex={0}
          aria-label={`${title}. Arrow keys read the values; a table with the values follows.`}
          onPointerMove={toPointer}
          onPointerLeave={() => setAt(undefined)}
          onKeyDown={onKey}
          onBlur={() => setAt(undefined)}
        >
          {shade?.spans.map(({ from, to }) => (
            <rect
              key={from}
              className="shade"
              x={x(from)}
              y={frame.top}
              width={x(to) - x(from)}
              height={frame.bottom - frame.top}
            />
          ))}
          <YAxis ticks={yTicks} frame={frame} format={yFormat} />
          <XAxis
            frame={frame}
            positions={xTicks.map((tick) => ({ at: x(tick.x), label: tick.label }))}
            withLines={chosen !== undefined}
          />
          {behind.map(({ label }, i) => (
            <path key={label} className={`line faint tone-${backdrop?.tone}`} d={paths[i]} />
          ))}
          {band && <path className={`band tone-${band.tone}`} d={bandPath} />}
          {series.map((one, i) => (
            <g key={one.label}>
              <path
                className={`line tone-${one.tone}${one.dashed ? ' dashed' : ''}`}
                d={paths[behind.length + i]}
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

function fits(ticks: readonly { readonly label: string }[], room: number): boolean {
  const labels = ticks.map(({ label }) => label);
  return labelStep(labels, room) === 1;
}

function rangeAt(band: Band, x: number | undefined): string | undefined {
  const point = band.points.find((one) => one.x === x);
  return point && `${number(point.low)} to ${number(point.high)}`;
}

function valueAt(series: Pick<Series, 'points'>, x: number): number | null {
  return series.points.find((point) => point.x === x)?.y ?? null;
}
