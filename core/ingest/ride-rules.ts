/** Which ride counts, by rule set. README's rule table is the reader's copy of this. */
import type { StoredRuleSet } from '../../contracts/stored-names.ts';

/** `above < ended − started < below`, in seconds, both exclusive; null: a ride counts whenever its start parses. */
export const DURATION_RULES: Readonly<
  Record<StoredRuleSet, { readonly above: number; readonly below: number } | null>
> = {
  // The processed data that people already have were made so: 0 < duration < 60 minutes.
  seed: { above: 0, below: 60 * 60 },
  all: null,
};
