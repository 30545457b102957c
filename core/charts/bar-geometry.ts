import { roundScale, ticksOf, type Frame, type Tick } from './scales.ts';

interface BarPlot {
  readonly frame: Frame;
  /** Places along the horizontal axis. */
  readonly places: number;
  /** Values of each series, one per place; null leaves the place empty. */
  readonly series: readonly (readonly (number | null)[])[];
}

interface Bar {
  readonly series: number;
  readonly place: number;
  readonly value: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface BarGeometry {
  readonly bars: readonly Bar[];
  readonly yTicks: readonly Tick[];
  /** Pixel in the middle of each place. */
  readonly centres: readonly number[];
}

/** Sets the empty share of a place, and the gap between two bars of one place as a share of a bar. */
const BETWEEN_PLACES = 0.2;
const BETWEEN_BARS = 0.06;

/** Places the bars of several series side by side, from zero. */
export function barGeometry({ frame, places, series }: BarPlot): BarGeometry {
  const y = roundScale(series.flat(), [frame.bottom, frame.top], true);
  const place = (frame.right - frame.left) / Math.max(1, places);
  const group = place * (1 - BETWEEN_PLACES);
  const step = group / (series.length - BETWEEN_BARS);
  const startOf = (index: number) => frame.left + index * place + (place - group) / 2;
  const bars = series.flatMap((values, s) =>
    values.flatMap((value, index): Bar[] => {
      if (value === null) return [];
      const [top, bottom] = [y(Math.max(0, value)), y(Math.min(0, value))];
      return [
        {
          series: s,
          place: index,
          value,
          x: startOf(index) + s * step,
          y: top,
          width: step * (1 - BETWEEN_BARS),
          height: bottom - top,
        },
      ];
    }),
  );
  const centres = Array.from({ length: places }, (_, index) => startOf(index) + group / 2);
  return { bars, yTicks: ticksOf(y), centres };
}
