import { linearScale, roundScale, spanOf, ticksOf, type Frame, type Scale, type Tick } from './scales.ts';

export interface Point {
  readonly x: number;
  /** A point without a value leaves a gap in its line. */
  readonly y: number | null;
}

interface BandPoint {
  readonly x: number;
  readonly low: number | null;
  readonly high: number | null;
}

interface LinePlot {
  readonly frame: Frame;
  /** All x values that the horizontal axis covers. */
  readonly xs: readonly number[];
  readonly lines: readonly (readonly Point[])[];
  readonly band?: readonly BandPoint[];
  /** Pixels between the frame and the first or last x. */
  readonly inset?: number;
  readonly withZero?: boolean;
  /** A further value that the vertical axis covers. */
  readonly level?: number | undefined;
}

interface LineGeometry {
  readonly x: Scale;
  readonly y: Scale;
  readonly yTicks: readonly Tick[];
  /** Path of each line, in pixels. */
  readonly paths: readonly string[];
  readonly bandPath: string;
}

/** Places lines, and the area between two bounds, into a frame. */
export function lineGeometry(plot: LinePlot): LineGeometry {
  const { frame, xs, lines, band = [], inset = 0, withZero = false, level } = plot;
  const x = linearScale(spanOf(xs), [frame.left + inset, frame.right - inset]);
  const values = [
    ...lines.flatMap((points) => points.map((point) => point.y)),
    ...band.flatMap(({ low, high }) => [low, high]),
    level,
  ];
  const y = roundScale(values, [frame.bottom, frame.top], withZero);
  const at = (point: number, value: number | null) => `${pixel(x(point))},${pixel(y(value ?? 0))}`;
  return {
    x,
    y,
    yTicks: ticksOf(y),
    paths: lines.map((points) =>
      runsOf(points, (point) => isFiniteNumber(point.y))
        .map((run) => `M${run.map((point) => at(point.x, point.y)).join('L')}${run.length === 1 ? 'Z' : ''}`)
        .join(''),
    ),
    bandPath: runsOf(band, ({ low, high }) => isFiniteNumber(low) && isFiniteNumber(high))
      .map((run) => {
        const above = run.map((point) => at(point.x, point.high));
        const below = run.map((point) => at(point.x, point.low)).reverse();
        return `M${[...above, ...below].join('L')}Z`;
      })
      .join(''),
  };
}

/** Splits a list where items are unknown. */
function runsOf<Item>(items: readonly Item[], isKnown: (item: Item) => boolean): Item[][] {
  const runs: Item[][] = [];
  let run: Item[] | undefined;
  for (const item of items) {
    if (!isKnown(item)) run = undefined;
    else if (run) run.push(item);
    else runs.push((run = [item]));
  }
  return runs;
}

function isFiniteNumber(value: number | null): boolean {
  return value !== null && Number.isFinite(value);
}

const pixel = (value: number) => Number(value.toFixed(1));
