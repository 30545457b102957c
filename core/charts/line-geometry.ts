import { area, line } from 'd3-shape';
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
  const pathOf = line<Point>()
    .defined((point) => isFiniteNumber(point.y))
    .x((point) => x(point.x))
    .y((point) => y(point.y ?? 0))
    .digits(1);
  const areaOf = area<BandPoint>()
    .defined(({ low, high }) => isFiniteNumber(low) && isFiniteNumber(high))
    .x((point) => x(point.x))
    .y0(({ low }) => y(low ?? 0))
    .y1(({ high }) => y(high ?? 0))
    .digits(1);
  return {
    x,
    y,
    yTicks: ticksOf(y),
    paths: lines.map((points) => pathOf(points) ?? ''),
    bandPath: areaOf(band) ?? '',
  };
}

function isFiniteNumber(value: number | null): value is number {
  return value !== null && Number.isFinite(value);
}
