import { Context } from '@temporalio/activity';
import { upsertDriftRows } from '../../adapters/postgres/drift-metrics.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { storedName } from '../../contracts/stored-names.ts';
import { DRIFT_REPORT_SCHEMA_VERSION, type DriftReport } from '../../core/drift/report/drift-report.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { upsertActualHours } from '../../adapters/postgres/actual-hours.ts';
import { driftRows } from './drift-rows.ts';
import { readMonitoredRows } from './monitored-rows.ts';
import type { DriftActivities } from '../../contracts/activities/drift.ts';

/** Records a report in Postgres first, because alarms read it there, and then as a copy in the MLflow run. */
export function recordDrift(deps: ActivityDependencies): DriftActivities['recordDrift'] {
  return async ({ report: reportRef, html }) => {
    const report = await deps.artifacts.readJson<DriftReport>(reportRef);
    const schemaVersion: number = report.schemaVersion;
    if (schemaVersion !== DRIFT_REPORT_SCHEMA_VERSION) {
      throw new CitibikeError(
        'INVALID_INPUT',
        `${reportRef.uri} has report schema version ${schemaVersion}, expected ${DRIFT_REPORT_SCHEMA_VERSION}. Check drift again`,
      );
    }
    const rows = driftRows(report, reportRef.uri, html.uri);
    const written = await upsertDriftRows(deps.database, rows);
    if (report.withTrips) await recordActualHours(deps, report);

    const { runId } = await deps.mlflow.getVersion(report.model, report.modelVersion);
    const signal = Context.current().cancellationSignal;
    // Equal checks write the same path, so a second run leaves one copy.
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

/** Records the actual trips of these hours, so that the service's predictions of them can be scored. */
async function recordActualHours(deps: ActivityDependencies, report: DriftReport): Promise<void> {
  const { frame } = report.current;
  const { synthetic } = await deps.artifacts.manifestOf(frame.uri);
  const { rows } = await readMonitoredRows(deps.artifacts, frame);
  await upsertActualHours(deps.database, storedName(report.system, synthetic), rows);
}
