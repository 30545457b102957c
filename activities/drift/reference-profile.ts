/**
 * Computes what a drift check needs from its reference, once per version: the monitored columns with the version's predictions,
 * and its out-of-fold residuals. A check then reads only current. The profile keeps exact values, which take a few megabytes,
 * because a sketch would differ from Evidently's numbers.
 */
import { tensorflowNetwork } from '../../adapters/tensorflow/tensorflow-network.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { hourResiduals, type HourResidual } from '../../core/drift/residuals/hour-residual.ts';
import { monitoredPredictions } from '../../core/drift/monitored-predictions.ts';
import { monitoredTable } from '../../core/drift/monitored-table.ts';
import type { ReportSpan } from '../../core/drift/report/drift-report.ts';
import type { Column, Table } from '../../core/drift/evidently/drift-table.ts';
import { OUT_OF_FOLD_FILE, parseOutOfFold, type OutOfFoldRow } from '../../core/training/out-of-fold.ts';
import { loadModelFiles, type ServingModel } from '../../core/serving/serving-model.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { readMonitoredRows } from './monitored-rows.ts';

/** Grows when a code change changes the profile of the same reference and version, or its layout. */
const STAGE_VERSION = 2;

export interface MonitoredModel {
  readonly model: string;
  readonly version: string;
  readonly serving: ServingModel;
  readonly outOfFold: readonly OutOfFoldRow[];
}

export interface ReferenceProfile {
  readonly schemaVersion: typeof STAGE_VERSION;
  readonly span: ReportSpan;
  readonly synthetic: boolean;
  /** Columns of the reference. NaN is null in JSON. */
  readonly columns: Readonly<Record<string, readonly (number | null)[]>>;
  /** Residuals of reference and training months. Networks that did not see an hour predicted it. */
  readonly residuals: readonly HourResidual[];
}

export async function loadMonitored(
  deps: ActivityDependencies,
  model: string,
  version: string,
  signal: AbortSignal,
): Promise<MonitoredModel> {
  const files = await deps.mlflow.downloadModelFiles(model, version, signal);
  const leftOut = files[OUT_OF_FOLD_FILE];
  return {
    model,
    version,
    serving: await loadModelFiles(files, tensorflowNetwork),
    outOfFold: leftOut ? parseOutOfFold(leftOut) : [],
  };
}

/** Returns the profile of a version and reference. The first check computes it, and later checks read it. */
export async function referenceProfile(
  deps: ActivityDependencies,
  monitored: MonitoredModel,
  reference: ArtifactRef,
  cache: boolean,
): Promise<ReferenceProfile> {
  const { model, version } = monitored;
  const key = { model, version, reference: reference.sha256, stage: STAGE_VERSION };
  const { value } = await deps.artifacts.cached('drift-reference', key, cache, async () => ({
    ref: await writeProfile(deps, monitored, reference),
  }));
  return deps.artifacts.readJson<ReferenceProfile>(value.ref);
}

/** Returns the columns of the reference as a table for the comparison. */
export function tableOf({ span, columns }: ReferenceProfile): Table {
  const entries = Object.entries(columns).map(([name, values]): [string, Column] => [
    name,
    { type: 'num', values: Float64Array.from(values, (value) => value ?? NaN) },
  ]);
  return { rows: span.hours, columns: new Map(entries) };
}

async function writeProfile(
  deps: ActivityDependencies,
  monitored: MonitoredModel,
  reference: ArtifactRef,
): Promise<ArtifactRef> {
  const { model, version, serving, outOfFold } = monitored;
  const { rows, withTrips } = await readMonitoredRows(deps.artifacts, reference);
  if (!withTrips) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `reference ${reference.uri} has no trips. Choose months with trips`,
    );
  }
  const predicted = monitoredPredictions(serving, rows, outOfFold);
  const table = monitoredTable(rows, predicted.predictions);
  const { synthetic } = await deps.artifacts.manifestOf(reference.uri);
  const profile: ReferenceProfile = {
    schemaVersion: STAGE_VERSION,
    span: {
      frame: reference,
      from: rows[0]!.date,
      to: rows.at(-1)!.date,
      hours: rows.length,
      predictions: predicted.sources,
    },
    synthetic,
    columns: Object.fromEntries(
      [...table.columns].map(([name, { values }]) => [name, [...values] as number[]]),
    ),
    residuals: distinct([
      ...(await trainingResiduals(deps, monitored)),
      ...hourResiduals(rows, predicted).filter((residual) => residual.outOfFold),
    ]),
  };
  const artifact = {
    name: 'reference.json',
    schemaVersion: STAGE_VERSION,
    rows: rows.length,
    inputs: [reference],
    parameters: { model, version },
    facts: { residuals: profile.residuals.length },
    synthetic,
  };
  const producer = producerOf('drift-reference', deps.codeVersion);
  return deps.artifacts.writeJson(producer, profile, artifact, 'compact');
}

/** Returns the residuals of the training months. More weeks give a better estimate of their normal variation. */
async function trainingResiduals(
  deps: ActivityDependencies,
  { model, version, serving, outOfFold }: MonitoredModel,
): Promise<HourResidual[]> {
  const { tags } = await deps.mlflow.getVersion(model, version);
  const uri = tags['citibike.train_frame'];
  // Without out-of-fold predictions (registered by hand) or frame (deleted as old), the reference's own hours must suffice.
  if (outOfFold.length === 0 || uri === undefined || !(await deps.artifacts.has(uri))) return [];
  const { artifact } = await deps.artifacts.manifestOf(uri);
  const { rows } = await readMonitoredRows(deps.artifacts, artifact);
  const predicted = monitoredPredictions(serving, rows, outOfFold);
  return hourResiduals(rows, predicted).filter((residual) => residual.outOfFold);
}

function distinct(residuals: readonly HourResidual[]): HourResidual[] {
  return [...new Map(residuals.map((row) => [`${row.date} ${row.hour}`, row])).values()].sort((a, b) =>
    a.date === b.date ? a.hour - b.hour : a.date < b.date ? -1 : 1,
  );
}
