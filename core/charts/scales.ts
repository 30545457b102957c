/**
 * Scales and ticks of charts, for the reports and the console. A library would be the greater part of what a drift
 * check loads: d3-scale, d3-array and d3-shape are 144 modules, a third of the processor time of a weekly check.
 */

/** Maps a value to a pixel. */
export interface Scale {
  (value: number): number;
  readonly domain: readonly [number, number];
}

/** Represents the area between the axes, in pixels. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Represents a labelled value of an axis and its pixel. */
export interface Tick {
  readonly value: number;
  readonly at: number;
}

/** Sets the approximate number of ticks that fit on a vertical axis. */
const TICKS = 4;

/** Returns the span of all finite values. A single value is in the middle of its span; without values the span is [0, 1]. */
export function spanOf(values: readonly (number | null | undefined)[], withZero = false): [number, number] {
  const finite = values.filter(
    (value): value is number => typeof value === 'number' && Number.isFinite(value),
  );
  if (withZero) finite.push(0);
  const low = finite.reduce((least, value) => Math.min(least, value), Infinity);
  const high = finite.reduce((most, value) => Math.max(most, value), -Infinity);
  if (low > high || (low === 0 && high === 0)) return [0, 1];
  if (low < high) return [low, high];
  return [low - Math.abs(low) * 0.1, high + Math.abs(high) * 0.1];
}

export function linearScale(
  domain: readonly [number, number],
  [start, end]: readonly [number, number],
): Scale {
  const [low, high] = domain;
  const scale = (value: number) => start + ((value - low) / (high - low)) * (end - start);
  return Object.assign(scale, { domain });
}

/** Returns a scale over `values` that begins and ends at a round number. */
export function roundScale(
  values: readonly (number | null | undefined)[],
  range: readonly [number, number],
  withZero = false,
): Scale {
  let domain = spanOf(values, withZero);
  // A wider domain can have a greater step, whose multiples are further apart.
  for (let before = 0, step = roundStep(domain, TICKS); multiple(step, 1) !== before;) {
    const [low, high] = domain;
    domain = [multiple(step, Math.floor(placeOf(low, step))), multiple(step, Math.ceil(placeOf(high, step)))];
    before = multiple(step, 1);
    step = roundStep(domain, TICKS);
  }
  return linearScale(domain, range);
}

/** Returns about `count` round values of the scale's domain. */
export function ticksOf(scale: Scale, count: number = TICKS): Tick[] {
  const step = roundStep(scale.domain, count);
  const [low, high] = scale.domain;
  // The quotient of a bound that is itself a tick can miss its integer.
  const [nearLow, nearHigh] = [Math.round(placeOf(low, step)), Math.round(placeOf(high, step))];
  const first = multiple(step, nearLow) < low ? nearLow + 1 : nearLow;
  const last = multiple(step, nearHigh) > high ? nearHigh - 1 : nearHigh;
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const value = multiple(step, first + i);
    return { value, at: scale(value) };
  });
}

/** Represents a step between ticks as a fraction of two integers, one of which is 1. Binary numbers cannot represent 0.1. */
interface Step {
  readonly of: number;
  readonly per: number;
}

const multiple = ({ of, per }: Step, times: number) => (times * of) / per;
const placeOf = (value: number, { of, per }: Step) => (value * per) / of;

/** Limits between the factors 1 and 2, 2 and 5, 5 and 10: their geometric means. */
const LIMITS = [Math.SQRT2, Math.sqrt(10), Math.sqrt(50)];
const FACTORS = [1, 2, 5, 10];

/** Returns the step of 1, 2 or 5 times a power of ten of which about `count` fit into the domain. */
function roundStep([low, high]: readonly [number, number], count: number): Step {
  const exact = (high - low) / count;
  const power = Math.floor(Math.log10(exact));
  const factor = FACTORS[LIMITS.filter((limit) => exact / 10 ** power >= limit).length]!;
  return power < 0 ? { of: 1, per: 10 ** -power / factor } : { of: factor * 10 ** power, per: 1 };
}
