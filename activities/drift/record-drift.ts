import { Context } from '@temporalio/activity';
import { upsertDriftRows } from '../../adapters/postgres/drift-metrics.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { DRIFT_REPORT_SCHEMA_VERSION, type DriftReport } from '../../core/drift/report/report.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { upsertActualHours } from '../../adapters/postgres/actual-hours.ts';
import { driftRows } from './drift-rows.ts';
import { readMonitoredRows } from './monitored-rows.ts';
import type { DriftActivities } from '../../contracts/activities/drift.ts';

/** Postgres first: that is what decides and alarms; the copy in MLflow is for whoever looks at the run. */
export function recordDrift(deps: ActivityDependencies): DriftActivities['recordDrift'] {
  return async ({ report: reportRef, html }) => {
    const report = await deps.artifacts.readJson<DriftReport>(reportRef);
    const schemaVersion: number = report.schemaVersion;
    if (schemaVersion !== DRIFT_REPORT_SCHEMA_VERSION) {
      throw new CitibikeError(
        'INVALID_INPUT',
        `${reportRef.uri} has report schema version ${schemaVersion}, this code reads ${DRIFT_REPORT_SCHEMA_VERSION}: check drift again`,
      );
    }
    const rows = driftRows(report, reportRef.uri, html.uri);
    const written = await upsertDriftRows(deps.database, rows);
    if (report.withTrips) await recordActualHours(deps, report);

    const { runId } = await deps.mlflow.getVersion(report.model, report.modelVersion);
    const signal = Context.current().cancellationSignal;
    // The same check writes the same path, so that running twice leaves one copy.
    const folder = `drift/${report.current.from}_${report.current.to}/${reportRef.sha256.slice(0, 12)}`;
    const files = [
      { ref: reportRef, name: 'report.json', type: 'application/json' },
      { ref: html, name: 'report.html', type: 'text/html' },
    ];
    for (const { ref, name, type } of files) {
      const bytes = await deps.artifacts.read(ref);
      await deps.mlflow.logArtifact(runId, `${folder}/${name}`, bytes, type, signal);
    }
    return { rows: written };
  };
}

/** Now that the trips are known, so is how right the predictions of these hours were. */
async function recordActualHours(deps: ActivityDependencies, report: DriftReport): Promise<void> {
  const { frame } = report.current;
  const { synthetic } = await deps.artifacts.manifestOf(frame.uri);
  const { rows } = await readMonitoredRows(deps.artifacts, frame);
  await upsertActualHours(deps.database, synthetic ? `${report.system}-synthetic` : report.system, rows);
}
