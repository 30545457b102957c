import { extent } from 'd3-array';
import { scaleLinear, type ScaleLinear } from 'd3-scale';

export type Scale = ScaleLinear<number, number>;

/** The area between the axes, in pixels. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A labelled value of an axis and its pixel. */
export interface Tick {
  readonly value: number;
  readonly at: number;
}

/** Approximate number of ticks that fit on a vertical axis. */
const TICKS = 4;

/** Returns the span of all finite values. A single value is in the middle of its span; without values the span is [0, 1]. */
export function spanOf(values: readonly (number | null | undefined)[], withZero = false): [number, number] {
  const finite = values.filter(
    (value): value is number => typeof value === 'number' && Number.isFinite(value),
  );
  const [low, high] = extent(withZero ? [0, ...finite] : finite);
  if (low === undefined || high === undefined || (low === 0 && high === 0)) return [0, 1];
  if (low < high) return [low, high];
  return [low - Math.abs(low) * 0.1, high + Math.abs(high) * 0.1];
}

export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  return scaleLinear(domain, range);
}

/** Returns a scale over `values` that begins and ends at a round number. */
export function roundScale(
  values: readonly (number | null | undefined)[],
  range: readonly [number, number],
  withZero = false,
): Scale {
  return linearScale(spanOf(values, withZero), range).nice(TICKS);
}

/** Returns about `count` round values of the scale's domain. */
export function ticksOf(scale: Scale, count: number = TICKS): Tick[] {
  return scale.ticks(count).map((value) => ({ value, at: scale(value) }));
}
