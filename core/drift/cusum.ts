/** Page's cumulative sum (Biometrika 1954), both sides: finds a slow change that no single week shows. */
import type { LikeWithLikeRules } from './drift-rules.ts';

export interface CusumStep {
  readonly week: string;
  /** Standard deviations that the week's level is off; null where it was not judged, which leaves the sums as they are. */
  readonly z: number | null;
  readonly up: number;
  readonly down: number;
}

export interface Cusum {
  readonly steps: readonly CusumStep[];
  /** The first time a sum rose above the limit; null where none did. */
  readonly alarm: {
    readonly week: string;
    readonly direction: 'up' | 'down';
    /** The week after the sum was last 0: when the change began, as far as can be told. */
    readonly since: string;
  } | null;
}

/** @param weeks in their order. */
export function cusum(
  weeks: readonly { readonly week: string; readonly z: number | null }[],
  { slack, limit, clip }: LikeWithLikeRules['cusum'],
): Cusum {
  const steps: CusumStep[] = [];
  let alarm: Cusum['alarm'] = null;
  const sums = { up: 0, down: 0 };
  const since = { up: '', down: '' };
  for (const { week, z } of weeks) {
    const clipped = z === null ? null : Math.max(-clip, Math.min(clip, z));
    for (const direction of ['up', 'down'] as const) {
      if (clipped === null) continue;
      if (sums[direction] === 0) since[direction] = week;
      sums[direction] = Math.max(0, sums[direction] + (direction === 'up' ? clipped : -clipped) - slack);
      if (sums[direction] > limit) alarm ??= { week, direction, since: since[direction] };
    }
    steps.push({ week, z, ...sums });
  }
  return { steps, alarm };
}
