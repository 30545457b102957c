/** What a drift check is decided by. Plain data set drift is not among it: compared week by week it flags every week of a season. */

export interface DecisionRules {
  /** RMSE of current over RMSE of reference, both on hours that the model was not fitted on. */
  readonly rmseRatio: { readonly watch: number; readonly retrain: number; readonly alert: number };
  /** |mean error| over mean trips of current: a level that was lost, which a retraining finds again. */
  readonly bias: { readonly watch: number; readonly retrain: number };
  /** Share of values missing in current. Retraining on what is not there mends nothing, so it alerts. */
  readonly shareMissing: { readonly watch: number; readonly alert: number };
  /** Hours below which errors are too few to be judged: two weeks. */
  readonly fewestHours: number;
}

/**
 * A model a year old that did not know growth (XGBoost on the seed features) was 374 trips an hour, 11 %, too low in 2025 Q1:
 * the bias that must lead to a retraining. A share of 2 % is nine days
 * without weather in a quarter.
 */
export const DECISION_RULES: DecisionRules = {
  rmseRatio: { watch: 1.25, retrain: 1.5, alert: 3 },
  bias: { watch: 0.05, retrain: 0.1 },
  shareMissing: { watch: 0.02, alert: 0.1 },
  fewestHours: 14 * 24,
};
