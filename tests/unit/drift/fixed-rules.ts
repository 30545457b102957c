/** Fixes the rules that the tests of decisions use, so that an edit of inputs/drift.yaml changes no test. */
import type { DriftRules } from '../../../core/drift/decision/drift-rules.ts';

export const FIXED_RULES: DriftRules = {
  likeWithLike: {
    fewestHours: 72,
    fewestReferenceWeeks: 8,
    fewestUsualDays: 3,
    level: { sigmas: 2.25, unusualSigmas: 3, least: 0.09 },
    hours: { sigmas: 5, least: 0.2 },
    cusum: { slack: 0.5, limit: 5, clip: 3 },
    stuck: { fewest: 4, beyond: 2 },
    unit: { sigmas: 4, fits: 2.5 },
  },
  rmseRatio: { watch: 1.25, retrain: 1.5, alert: 3 },
  bias: { watch: 0.06, retrain: 0.08 },
  coverage: { watch: 0.8, retrain: 0.7 },
  shareMissing: { watch: 0.02, alert: 0.1 },
  alarmedWeeks: { watch: 1, retrain: 3 },
  fewestHours: 336,
  watchesToRetrain: 2,
  mostRetrainsAMonth: 1,
};
