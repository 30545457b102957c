/** Defines which rides count, by rule set. The documentation repeats this table. */
import type { StoredRuleSet } from '../../contracts/stored-names.ts';

/** Sets exclusive bounds in seconds: `above < ended − started < below`. With null, every ride with a valid start counts. */
export const DURATION_RULES: Readonly<
  Record<StoredRuleSet, { readonly above: number; readonly below: number } | null>
> = {
  // The published processed data use this rule: 0 < duration < 60 minutes.
  seed: { above: 0, below: 60 * 60 },
  all: null,
};
