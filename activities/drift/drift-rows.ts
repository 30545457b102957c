/** Converts a report to its rows in Postgres. */
import type {
  DriftColumnRow,
  DriftDecisionRow,
  DriftRows,
  DriftWeekRow,
  WeekMetrics,
} from '../../adapters/postgres/drift-metrics.ts';
import type { Comparison } from '../../core/drift/evidently/compare.ts';
import { PREDICTION } from '../../core/drift/monitored-table.ts';
import type { RegressionQuality } from '../../core/drift/evidently/regression-quality.ts';
import type { DriftReport } from '../../core/drift/report/drift-report.ts';

export function driftRows(report: DriftReport, reportUri: string, htmlUri: string): DriftRows {
  const check = {
    system: report.system,
    model: report.model,
    model_version: report.modelVersion,
    reference_sha256: report.reference.frame.sha256,
  };
  const weeks = Object.values(report.weeks);
  return {
    weeks: weeks.map((week): DriftWeekRow => ({
      ...check,
      week: week.week,
      first_date: week.from,
      last_date: week.to,
      hours: week.rows,
      with_trips: report.withTrips,
      ...levelOf(report, week.week),
      report_uri: reportUri,
      ...weekMetrics(week),
    })),
    columns: weeks.flatMap((week) =>
      Object.entries(week.columns).map(([column_name, column]): DriftColumnRow => ({
        ...check,
        week: week.week,
        column_name,
        test: column.test,
        score: column.drift_score,
        threshold: column.threshold,
        drifted: column.drift_detected,
      })),
    ),
    decision: {
      ...check,
      current_sha256: report.current.frame.sha256,
      reference_from: report.reference.from,
      reference_to: report.reference.to,
      current_from: report.current.from,
      current_to: report.current.to,
      weeks: weeks.length,
      drifted_weeks: weeks.filter((week) => week.dataset_drift.dataset_drift).length,
      with_trips: report.withTrips,
      decision: report.decision.decision,
      reasons: report.decision.reasons,
      report_uri: reportUri,
      html_uri: htmlUri,
    } satisfies DriftDecisionRow,
  };
}

function levelOf(
  { likeWithLike }: DriftReport,
  name: string,
): Pick<DriftWeekRow, 'level' | 'level_z' | 'level_threshold' | 'alarm'> {
  const week = likeWithLike?.weeks.find(({ week: each }) => each === name);
  return {
    level: week?.level ?? null,
    level_z: week?.z ?? null,
    level_threshold: week?.threshold ?? null,
    // A week that is too short to judge has no alarm value, because it is not an all-clear.
    alarm: week && (week.level !== null || week.alarm) ? week.alarm : null,
  };
}

/** Returns the metrics of a week under the column names of `citibike_metrics`. */
function weekMetrics(comparison: Comparison): WeekMetrics {
  const { reference, current } = comparison.regression ?? {};
  const groups = reference?.underperformance;
  const both = <const Name extends string>(name: Name, pick: (quality: RegressionQuality) => number | null) =>
    ({
      [`${name}_reference`]: reference ? pick(reference) : null,
      [`${name}_current`]: current ? pick(current) : null,
    }) as Record<`${Name}_reference` | `${Name}_current`, number | null>;
  return {
    prediction_drift: comparison.columns[PREDICTION]?.drift_score ?? null,
    num_drifted_columns: comparison.dataset_drift.number_of_drifted_columns,
    share_missing_values: comparison.missing.current.share_of_missing_values,
    ...both('r2_score', (quality) => quality.r2_score),
    ...both('rmse_score', (quality) => quality.rmse),
    ...both('mae_score', (quality) => quality.mean_abs_error),
    ...both('mean_error', (quality) => quality.mean_error),
    ...both('abs_error_max', (quality) => quality.abs_error_max),
    ...both('mean_abs_perc_error', (quality) => quality.mean_abs_perc_error),
    ...both('error_std', (quality) => quality.error_std),
    ...both('abs_error_std', (quality) => quality.abs_error_std),
    ...both('abs_perc_error_std', (quality) => quality.abs_perc_error_std),
    underperformance_mean_error: groups?.majority.mean_error ?? null,
    underperformance_std_error: groups?.majority.std_error ?? null,
    underestimation_mean_error: groups?.underestimation.mean_error ?? null,
    underestimation_std_error: groups?.underestimation.std_error ?? null,
    overestimation_mean_error: groups?.overestimation.mean_error ?? null,
    overestimation_std_error: groups?.overestimation.std_error ?? null,
  };
}
