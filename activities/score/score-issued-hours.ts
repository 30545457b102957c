/** Creates the activity `scoreForecasts`. */
import { Context } from '@temporalio/activity';
import { readFrame } from '../../adapters/duckdb/frame-file.ts';
import { issuedHours, upsertForecastScores } from '../../adapters/postgres/forecast-scores.ts';
import type { ScoreActivities } from '../../contracts/activities/score.ts';
import { scoreForecasts, type VersionBaselines } from '../../core/forecast/score-forecasts.ts';
import { storedName } from '../../contracts/stored-names.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { logMetricsOnce } from '../register/log-metrics-once.ts';
import { scoreMetrics } from './score-metrics.ts';
import { findVersion, versionBaselines } from './version-baselines.ts';

/** Writes to Postgres first, because the console and Grafana read it there, and then to the MLflow runs of the versions. */
export function createScoreForecasts(deps: ActivityDependencies): ScoreActivities['scoreForecasts'] {
  return async ({ system, model, month, frame, synthetic }) => {
    const key = { system: storedName(system, synthetic), model, month };
    const issued = await issuedHours(deps.database, key);
    const rows = await readFrame(deps.artifacts, frame);
    const { rules } = (await deps.artifacts.manifestOf(frame.uri)).parameters;
    const baselines = new Map<string, VersionBaselines>();
    const runIds = new Map<string, string>();
    const withOtherRules = new Set<string>();
    for (const version of new Set(issued.map((hour) => hour.version))) {
      const found = await findVersion(deps, model, version);
      if (!found) continue;
      const signal = Context.current().cancellationSignal;
      const own = await versionBaselines(deps, found, { rows, rules }, signal);
      if (own) {
        baselines.set(version, own);
        // A version that was registered by hand may have no run.
        if (found.runId) runIds.set(version, found.runId);
      } else {
        withOtherRules.add(version);
      }
    }
    const comparable = issued.filter(({ version }) => !withOtherRules.has(version));
    const scores = scoreForecasts(comparable, rows, baselines);
    await upsertForecastScores(deps.database, key, scores);
    for (const [version, runId] of runIds) {
      const own = scores.filter(({ versions }) => versions.includes(version));
      const run = await deps.mlflow.runs.get(runId);
      await logMetricsOnce(deps.mlflow.runs, run, scoreMetrics(month, own));
    }
    return { leadDays: scores.length };
  };
}
