/**
 * Page's cumulative sum (Biometrika 1954), both sides: finds a slow change that no single week shows. It goes on from check to check:
 * a month has four or five weeks, and a change of one standard deviation takes ten to sum up.
 */
import type { LikeWithLikeRules } from '../decision/drift-rules.ts';

export interface CusumWeek {
  /** `2025-W01` */
  readonly week: string;
  /** Standard deviations that the week's level is off; null where it was not judged, which leaves the sums as they are. */
  readonly z: number | null;
}

interface Sums {
  readonly up: number;
  readonly down: number;
}

interface CusumStep extends CusumWeek, Sums {}

export interface Cusum {
  /** What the weeks of earlier checks left: the sums begin there. */
  readonly before: Sums & { readonly weeks: number };
  readonly steps: readonly CusumStep[];
  /** The first time a sum rose above the limit; null where none did. It begins at 0 again the week after, and alarms anew if the change stays. */
  readonly alarm: {
    readonly week: string;
    readonly direction: 'up' | 'down';
    /** The week after the sum was last 0, of an earlier check too: when the change began, as far as can be told. */
    readonly since: string;
  } | null;
}

/**
 * @param weeks of the check, in their order.
 * @param earlier those before them, in their order. What alarmed then is not told again.
 */
export function cusum(
  weeks: readonly CusumWeek[],
  rules: LikeWithLikeRules['cusum'],
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
  readonly #rules: LikeWithLikeRules['cusum'];
  readonly #sums = { up: 0, down: 0 };
  readonly #since = { up: '', down: '' };

  constructor(rules: LikeWithLikeRules['cusum']) {
    this.#rules = rules;
  }

  get now(): Sums {
    return { ...this.#sums };
  }

  /** The sums with this week; one that is above the limit begins anew after it. */
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
