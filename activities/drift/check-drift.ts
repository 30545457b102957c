import { Context } from '@temporalio/activity';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { placeOfModel } from '../../contracts/former-place.ts';
import type { DriftActivities, DriftCheck } from '../../contracts/activities/drift.ts';
import { earlierDecisions } from '../../adapters/postgres/drift-decisions.ts';
import { earlierWeeks } from '../../adapters/postgres/drift-weeks.ts';
import { Reference } from '../../core/drift/evidently/compare.ts';
import { decide } from '../../core/drift/decision/decision.ts';
import { hourResiduals, type HourResidual } from '../../core/drift/residuals/hour-residual.ts';
import { histogramsOf } from '../../core/drift/report/histograms.ts';
import { compareResiduals } from '../../core/drift/residuals/compare-residuals.ts';
import { monitoredPredictions } from '../../core/drift/monitored-predictions.ts';
import { monitoredTable, PREDICTION, TARGET } from '../../core/drift/monitored-table.ts';
import {
  DRIFT_REPORT_SCHEMA_VERSION,
  type DriftReport,
  type ReportSpan,
} from '../../core/drift/report/drift-report.ts';
import { renderReport } from '../../core/drift/report/render-report.ts';
import type { Table } from '../../core/drift/evidently/drift-table.ts';
import { factsOf, modelFor } from '../common/facts-of.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { readDriftRules } from './drift-rules-file.ts';
import { readMonitoredRows } from './monitored-rows.ts';
import { loadMonitored, referenceProfile, tableOf, type MonitoredModel } from './reference-profile.ts';
import { reportPage } from './report-page.ts';

/** Grows when a code change changes the report for the same inputs. */
const STAGE_VERSION = 8;

/**
 * Compares current with the reference, as a whole, by ISO week and among similar hours, and decides. While the trips of current
 * are not published, it compares only the weather and the champion's predictions from it, and measures no quality.
 */
export function checkDrift(deps: ActivityDependencies): DriftActivities['checkDrift'] {
  return async (input) => {
    const { system, reference, current, days, cache } = input;
    const model = input.model ?? modelFor(deps, await factsOf(deps, input));
    const { version } = await deps.mlflow.getVersionByAlias(model, 'champion');
    const rules = await readDriftRules();
    const { rows, withTrips } = await readMonitoredRows(deps.artifacts, current, days);
    const first = rows[0]!.date;
    const checked = { system, model, modelVersion: version };
    const earlier = await earlierDecisions(deps.database, checked, first);
    const weeksBefore = await earlierWeeks(deps.database, checked, first);
    const key = {
      system,
      model,
      version,
      reference: reference.sha256,
      current: current.sha256,
      days,
      rules,
      earlier,
      weeksBefore,
      stage: STAGE_VERSION,
    };
    const make = async () => {
      const monitored = await loadMonitored(deps, model, version, Context.current().cancellationSignal);
      const { trainedOn } = monitored.serving.spec;
      if (trainedOn.system !== system) {
        throw new CitibikeError(
          'INVALID_INPUT',
          `champion ${model} version ${version} was trained on system '${trainedOn.system}', but the frames have system '${system}'. Set "model" to the model of '${system}'`,
        );
      }
      const before = await referenceProfile(deps, monitored, reference, cache);
      const after = await monitoredSpan(deps, current, rows, monitored);
      const table = (of: Table) => (withTrips ? of : withoutTarget(of));
      const engine = new Reference(
        table(tableOf(before)),
        withTrips ? { target: TARGET, prediction: PREDICTION } : undefined,
      );
      const whole = engine.compare(table(after.table));
      const dates = rows.map(({ date }) => date);
      const weeks = engine.compareWeeks(table(after.table), dates);
      const alike =
        before.residuals.length === 0
          ? null
          : compareResiduals({
              reference: before.residuals,
              current: after.residuals,
              earlier: weeksBefore,
              rules: rules.likeWithLike,
              place: placeOfModel(monitored.serving.spec),
            });
      const report: DriftReport = {
        schemaVersion: DRIFT_REPORT_SCHEMA_VERSION,
        system,
        model,
        modelVersion: version,
        synthetic: before.synthetic || after.synthetic || trainedOn.synthetic,
        withTrips,
        reference: before.span,
        current: after.span,
        whole,
        weeks: Object.fromEntries(weeks.map((week) => [week.week, week])),
        histograms: histogramsOf(table(tableOf(before)), table(after.table), dates),
        likeWithLike: alike,
        decision: decide({
          comparison: whole,
          predictionColumn: PREDICTION,
          referenceHours: { all: before.span.hours, inSample: before.span.predictions.inSample },
          likeWithLike: alike,
          // The last month counts, because weeks that end in a month may begin in the month before.
          month: after.span.to.slice(0, 7),
          earlier,
          rules,
        }),
      };
      return writeReport(deps, report);
    };
    const { value, cached } = await deps.artifacts.cached('drift', key, cache, make);
    return { ...value, cached };
  };
}

interface MonitoredSpan {
  readonly table: Table;
  readonly residuals: readonly HourResidual[];
  readonly span: ReportSpan;
  readonly synthetic: boolean;
}

async function monitoredSpan(
  deps: ActivityDependencies,
  frame: ArtifactRef,
  rows: Awaited<ReturnType<typeof readMonitoredRows>>['rows'],
  { serving, outOfFold }: MonitoredModel,
): Promise<MonitoredSpan> {
  const predicted = monitoredPredictions(serving, rows, outOfFold);
  const { synthetic } = await deps.artifacts.manifestOf(frame.uri);
  return {
    table: monitoredTable(rows, predicted.predictions),
    residuals: hourResiduals(rows, predicted).map((hour) => ({
      ...hour,
      actual: Number.isNaN(hour.actual) ? null : hour.actual,
    })),
    span: {
      frame,
      from: rows[0]!.date,
      to: rows.at(-1)!.date,
      hours: rows.length,
      predictions: predicted.sources,
    },
    synthetic,
  };
}

function withoutTarget({ rows, columns }: Table): Table {
  return { rows, columns: new Map([...columns].filter(([name]) => name !== TARGET)) };
}

async function writeReport(
  deps: ActivityDependencies,
  report: DriftReport,
): Promise<Omit<DriftCheck, 'cached'>> {
  const producer = producerOf('drift', deps.codeVersion);
  const { model, modelVersion: version, system, withTrips, reference, current, synthetic, decision } = report;
  const weeks = Object.values(report.weeks);
  const driftedWeeks = weeks.filter((week) => week.dataset_drift.dataset_drift).length;
  const common = {
    schemaVersion: DRIFT_REPORT_SCHEMA_VERSION,
    inputs: [reference.frame, current.frame],
    parameters: { system, model, version },
    facts: { decision: decision.decision, weeks: weeks.length, driftedWeeks, withTrips },
    synthetic,
  };
  const json = { ...common, name: 'drift-report.json' };
  const content = Buffer.from(renderReport(reportPage(report)));
  const page = { ...common, name: 'drift-report.html', content, contentType: 'text/html' };
  return {
    system,
    model,
    version,
    report: await deps.artifacts.writeJson(producer, report, json, 'compact'),
    html: await deps.artifacts.write(producer, page),
    weeks: weeks.length,
    driftedWeeks,
    decision: decision.decision,
    reasons: decision.reasons,
    withTrips,
  };
}
