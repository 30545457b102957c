import { Context } from '@temporalio/activity';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { DriftActivities, DriftCheck } from '../../contracts/stages.ts';
import { readFrame } from '../../adapters/duckdb/frame.ts';
import { Reference } from '../../core/drift/compare.ts';
import { decide } from '../../core/drift/decision.ts';
import { monitoredPredictions } from '../../core/drift/monitored-predictions.ts';
import { monitoredTable, PREDICTION, TARGET } from '../../core/drift/monitored-table.ts';
import { DRIFT_REPORT_SCHEMA_VERSION, type DriftReport, type ReportSpan } from '../../core/drift/report.ts';
import { renderReport } from '../../core/drift/report-html.ts';
import type { Table } from '../../core/drift/table.ts';
import { OUT_OF_FOLD_FILE, parseOutOfFold, type OutOfFoldRow } from '../../core/model/out-of-fold.ts';
import { parseModelFiles, type ServingModel } from '../../core/model/serving-model.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { reportPage } from './report-page.ts';

/** Grows when the same inputs would give another report. */
const STAGE_VERSION = 2;

const ROLES = { target: TARGET, prediction: PREDICTION };

/** Compares the champion's hours: reference against current, whole and by ISO week, and decides. */
export function checkDrift(deps: ActivityDependencies): DriftActivities['checkDrift'] {
  return async ({ system, model = deps.modelName, reference, current, cache }) => {
    const { version } = await deps.mlflow.getVersionByAlias(model, 'champion');
    const key = {
      system,
      model,
      version,
      reference: reference.sha256,
      current: current.sha256,
      stage: STAGE_VERSION,
    };
    const { value, cached } = await deps.artifacts.cached('drift', key, cache, async () => {
      const signal = Context.current().cancellationSignal;
      const files = await deps.mlflow.downloadModelFiles(model, version, signal);
      const champion = parseModelFiles(files);
      if (champion.spec.trainedOn.system !== system) {
        throw new CitibikeError(
          'INVALID_INPUT',
          `champion ${model} version ${version} was trained on system '${champion.spec.trainedOn.system}', and the frames are of '${system}': name the model of '${system}'`,
        );
      }
      const leftOut = files[OUT_OF_FOLD_FILE];
      const outOfFold = leftOut ? parseOutOfFold(leftOut) : [];
      const [before, after] = await Promise.all([
        monitoredSpan(deps, reference, champion, outOfFold),
        monitoredSpan(deps, current, champion, outOfFold),
      ]);
      const engine = new Reference(before.table, ROLES);
      const whole = engine.compare(after.table);
      const weeks = engine.compareWeeks(after.table, after.dates);
      const report: DriftReport = {
        schemaVersion: DRIFT_REPORT_SCHEMA_VERSION,
        system,
        model,
        modelVersion: version,
        synthetic: before.synthetic || after.synthetic || champion.spec.trainedOn.synthetic,
        reference: before.span,
        current: after.span,
        whole,
        weeks: Object.fromEntries(weeks.map((week) => [week.week, week])),
        decision: decide({
          whole,
          predictionColumn: PREDICTION,
          referenceHours: { all: before.span.hours, inSample: before.span.predictions.inSample },
        }),
      };
      return writeReport(deps, report);
    });
    return { ...value, cached };
  };
}

interface MonitoredSpan {
  readonly table: Table;
  readonly dates: readonly string[];
  readonly span: ReportSpan;
  readonly synthetic: boolean;
}

async function monitoredSpan(
  deps: ActivityDependencies,
  frame: ArtifactRef,
  model: ServingModel,
  outOfFold: readonly OutOfFoldRow[],
): Promise<MonitoredSpan> {
  const [rows, manifest] = await Promise.all([
    readFrame(deps.artifacts, frame),
    deps.artifacts.manifestOf(frame.uri),
  ]);
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `frame ${frame.uri} has no hours: build it for months with data`,
    );
  }
  const { predictions, sources } = monitoredPredictions(model, rows, outOfFold);
  return {
    table: monitoredTable(rows, predictions),
    dates: rows.map((row) => row.date),
    span: { frame, from: first.date, to: last.date, hours: rows.length, predictions: sources },
    synthetic: manifest.synthetic,
  };
}

async function writeReport(
  deps: ActivityDependencies,
  report: DriftReport,
): Promise<Omit<DriftCheck, 'cached'>> {
  const producer = producerOf('drift', deps.codeVersion);
  const { model, modelVersion: version, system, reference, current, synthetic, decision } = report;
  const weeks = Object.values(report.weeks);
  const driftedWeeks = weeks.filter((week) => week.dataset_drift.dataset_drift).length;
  const write = (name: string, text: string, contentType: string) =>
    deps.artifacts.write(producer, {
      name,
      content: Buffer.from(text),
      contentType,
      schemaVersion: DRIFT_REPORT_SCHEMA_VERSION,
      inputs: [reference.frame, current.frame],
      parameters: { system, model, version },
      facts: { decision: decision.decision, weeks: weeks.length, driftedWeeks },
      synthetic,
    });
  return {
    model,
    version,
    report: await write('drift-report.json', JSON.stringify(report), 'application/json'),
    html: await write('drift-report.html', renderReport(reportPage(report)), 'text/html'),
    weeks: weeks.length,
    driftedWeeks,
    decision: decision.decision,
    reasons: decision.reasons,
  };
}
