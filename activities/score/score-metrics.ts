/** Names the scores of a month as metrics of MLflow. */
import type { Metric } from '../../adapters/mlflow/log-batches.ts';
import { addMonths } from '../../contracts/calendar.ts';
import type { ForecastScore } from '../../contracts/forecast-score.ts';

/**
 * Returns `forecast_lead_1_rmse` and the like, one step per month: 202501 for January 2025. The time is the end of the month, equal for
 * all attempts.
 */
export function scoreMetrics(month: string, scores: readonly ForecastScore[]): Metric[] {
  const step = Number(month.replace('-', ''));
  const timestamp = Date.parse(`${addMonths(month, 1)}-01`);
  return scores.flatMap(
    ({ leadDay, hours, rmse, mae, bias, coverage, width, winkler, skill, rmseObserved }) =>
      Object.entries({
        hours,
        rmse,
        mae,
        bias,
        coverage: coverage[0.9],
        width,
        winkler,
        skill,
        rmse_observed: rmseObserved,
      }).flatMap(([name, value]): Metric[] =>
        value === null ? [] : [{ key: `forecast_lead_${leadDay}_${name}`, value, timestamp, step }],
      ),
  );
}
