/**
 * Computes Page's two-sided cumulative sum (Biometrika 1954), which detects a slow change that no single week shows. It continues from
 * check to check, because a month has four or five weeks, and a change of one standard deviation takes about ten.
 */
import type { ResidualRules } from '../decision/drift-rules.ts';

export interface CusumWeek {
  /** ISO week, such as `2025-W01`. */
  readonly week: string;
  /** Level of the week in standard deviations. Null if the week was not judged, which does not change the sums. */
  readonly z: number | null;
}

interface Sums {
  readonly up: number;
  readonly down: number;
}

interface CusumStep extends CusumWeek, Sums {}

export interface Cusum {
  /** Sums after the weeks of earlier checks, from which this check continues. */
  readonly before: Sums & { readonly weeks: number };
  readonly steps: readonly CusumStep[];
  /** First alarm, or null. After an alarm the sum restarts at 0, so a change that persists causes another alarm. */
  readonly alarm: {
    readonly week: string;
    readonly direction: 'up' | 'down';
    /** The week after the sum was last 0, possibly in an earlier check. It estimates the beginning of the change. */
    readonly since: string;
  } | null;
}

/**
 * Computes the sums of a check.
 * @param weeks weeks of the check in order.
 * @param earlier weeks before them in order. Their alarms are not reported again.
 */
export function cusum(
  weeks: readonly CusumWeek[],
  rules: ResidualRules['cusum'],
  earlier: readonly CusumWeek[] = [],
): Cusum {
  const sums = new RunningSums(rules);
  for (const week of earlier) sums.add(week);
  const before = { weeks: earlier.length, ...sums.now };
  let alarm: Cusum['alarm'] = null;
  const steps = weeks.map((week): CusumStep => {
    const { alarm: raised, ...reached } = sums.add(week);
    alarm ??= raised;
    return { week: week.week, z: week.z, ...reached };
  });
  return { before, steps, alarm };
}

class RunningSums {
  readonly #rules: ResidualRules['cusum'];
  readonly #sums = { up: 0, down: 0 };
  readonly #since = { up: '', down: '' };

  constructor(rules: ResidualRules['cusum']) {
    this.#rules = rules;
  }

  get now(): Sums {
    return { ...this.#sums };
  }

  /** Adds a week to the sums. A sum above the limit restarts after it. */
  add({ week, z }: CusumWeek): Sums & { readonly alarm: Cusum['alarm'] } {
    if (z === null) return { ...this.#sums, alarm: null };
    const { slack, limit, clip } = this.#rules;
    const clipped = Math.max(-clip, Math.min(clip, z));
    for (const direction of ['up', 'down'] as const) {
      if (this.#sums[direction] === 0) this.#since[direction] = week;
      const moved = this.#sums[direction] + (direction === 'up' ? clipped : -clipped) - slack;
      this.#sums[direction] = Math.max(0, moved);
    }
    const reached = this.now;
    const direction = (['up', 'down'] as const).find((each) => reached[each] > limit);
    if (direction === undefined) return { ...reached, alarm: null };
    this.#sums[direction] = 0;
    return { ...reached, alarm: { week, direction, since: this.#since[direction] } };
  }
}
