/** Decides which rides count. */
import { SECOND_US } from './wall-clock.ts';

/** A ride counts if both times parse and `above < ended − started < below`, in seconds. With null it counts if its start parses. */
export type DurationRule = { readonly above: number; readonly below: number } | null;

export const RIDE_OUTCOMES = [
  'kept',
  'unparsable_start',
  'unparsable_end',
  'not_positive',
  'too_long',
] as const;

/** Returns a function from times in µs, NaN if unreadable, to the index of the ride's outcome in RIDE_OUTCOMES. */
export function rideOutcomeFor(rule: DurationRule): (started: number, ended: number) => number {
  if (rule === null) return (started) => (started !== started ? 1 : 0);
  const above = rule.above * SECOND_US;
  const below = rule.below * SECOND_US;
  return (started, ended) => {
    if (started !== started) return 1;
    if (ended !== ended) return 2;
    const duration = ended - started;
    if (duration <= above) return 3;
    return duration >= below ? 4 : 0;
  };
}
