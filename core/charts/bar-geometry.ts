import { range } from 'd3-array';
import { scaleBand } from 'd3-scale';
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

/** Empty share of a place, and gap between two bars of one place as a share of a bar. */
const BETWEEN_PLACES = 0.2;
const BETWEEN_BARS = 0.06;

/** Places the bars of several series side by side, from zero. */
export function barGeometry({ frame, places, series }: BarPlot): BarGeometry {
  const y = roundScale(series.flat(), [frame.bottom, frame.top], true);
  const groups = scaleBand(range(places), [frame.left, frame.right])
    .paddingInner(BETWEEN_PLACES)
    .paddingOuter(BETWEEN_PLACES / 2);
  const inGroup = scaleBand(range(series.length), [0, groups.bandwidth()]).paddingInner(BETWEEN_BARS);
  const bars = series.flatMap((values, s) =>
    values.flatMap((value, place): Bar[] => {
      if (value === null) return [];
      const [top, bottom] = [y(Math.max(0, value)), y(Math.min(0, value))];
      return [
        {
          series: s,
          place,
          value,
          x: (groups(place) ?? 0) + (inGroup(s) ?? 0),
          y: top,
          width: inGroup.bandwidth(),
          height: bottom - top,
        },
      ];
    }),
  );
  const centres = range(places).map((place) => (groups(place) ?? 0) + groups.bandwidth() / 2);
  return { bars, yTicks: ticksOf(y), centres };
}
