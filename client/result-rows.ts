/** Summarizes the result of a run in a few lines, for `citibike run` and `citibike demo`. */
import type { RegressionMetrics } from '../contracts/model.ts';
import type { BacktestResult } from '../contracts/workflows/backtest.ts';
import type { BatchPrediction } from '../contracts/workflows/batch-prediction.ts';
import type { DeploymentResult } from '../contracts/workflows/deployment.ts';
import type { ForecastResult } from '../contracts/workflows/forecast.ts';
import type { IngestResult } from '../contracts/workflows/ingest.ts';
import type { LifecycleResult } from '../contracts/workflows/lifecycle.ts';
import type { MonitoringResult } from '../contracts/workflows/monitoring.ts';
import type { RetentionResult } from '../contracts/workflows/retention.ts';
import type { RollbackResult } from '../contracts/workflows/rollback.ts';
import type { SearchResult } from '../contracts/workflows/search.ts';
import type { TrainingResult } from '../contracts/workflows/training.ts';
import { backtestTable } from './backtest-table.ts';

/** A line of a summary. An empty label continues the line above. */
export type ResultRow = readonly [label: string, text: string];

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Formats trips per hour: as a whole number if large, with one decimal if small. */
function trips(value: number): string {
  return Math.abs(value) < 100 ? value.toFixed(1) : number.format(value);
}

function metricsText(metrics: RegressionMetrics): string {
  return `RMSE ${trips(metrics.rmse)}  MAE ${trips(metrics.mae)}  R² ${metrics.r2.toFixed(3)}  bias ${trips(metrics.bias)}`;
}

/** Puts the label before the first of several lines. */
function labelled(label: string, lines: readonly string[]): ResultRow[] {
  return lines.map((line, i) => [i === 0 ? label : '', line]);
}

export function dataLines({ months, hours, trips: rides, synthetic, missing }: IngestResult): string[] {
  const facts = `${months} months, ${number.format(hours)} hours, ${number.format(rides)} trips${synthetic ? ', SYNTHETIC' : ''}`;
  return missing.length === 0 ? [facts] : [facts, `missing at the source: ${missing.join(', ')}`];
}

/** Tells how a version was made and what it scores, after the lines about its place. */
export function trainingRows(
  { promotion, seconds, backend, cached, metrics, naive }: TrainingResult,
  place: string,
): ResultRow[] {
  const { coverage, width } = metrics;
  const interval =
    coverage === undefined || width === undefined
      ? []
      : [`90 % intervals cover ${(coverage * 100).toFixed(1)} %, mean width ${trips(width)}`];
  return [
    ...labelled('model', [
      place,
      promotion.reason,
      `trained in ${seconds.toFixed(0)} s on the ${backend} backend${cached ? ' (cached)' : ''}`,
    ]),
    ['out of time', `${metricsText(metrics)}   on ${number.format(metrics.rows)} hours after training`],
    ['naive', `${metricsText(naive)}   mean by hour, weekday, month`],
    ...labelled('intervals', interval),
  ];
}

export function lifecycleModel({ training, deployment }: LifecycleResult): string {
  const found = training.cached ? ', found from an earlier run' : '';
  return `${training.model} version ${deployment.version} is champion (this run's candidate: version ${training.version}${found})`;
}

export function driftRows({ rows, decision, reasons }: MonitoringResult): ResultRow[] {
  const written = rows === 1 ? '1 weekly row' : `${rows} weekly rows`;
  return labelled('drift', [`${written} in citibike_metrics; decision: ${decision}`, ...reasons]);
}

function monitoringRows(result: MonitoringResult): ResultRow[] {
  const { retraining, retrainingSkipped } = result;
  const refit = retraining?.refit ? [`refit: version ${retraining.refit.version}`] : [];
  const retrained = retraining ? [`version ${retraining.version}: ${retraining.reason}`, ...refit] : [];
  const skipped = retrainingSkipped === null ? [] : [`none: ${retrainingSkipped}`];
  return [
    ...driftRows(result),
    ...labelled('retraining', [...retrained, ...skipped]),
    ['drift report', result.html.uri],
  ];
}

function servedText(processes: readonly string[]): string {
  return processes.length > 0 ? `served by ${processes.join(', ')}` : 'no process serves it yet';
}

function deploymentRows({ model, version, processes, trial }: DeploymentResult): ResultRow[] {
  const canary = trial ? [`${trial.mode} of ${trial.percent} %: ${trial.reason}`] : [];
  return labelled('model', [`${model} version ${version}, ${servedText(processes)}`, ...canary]);
}

function searchRows({ best, defaultRmse, trials, folds }: SearchResult): ResultRow[] {
  const before = defaultRmse === null ? '' : `; the hyper-parameters of the input: ${trips(defaultRmse)}`;
  const parameters = Object.entries(best.hyperParameters).map(([name, value]) => `${name} ${String(value)}`);
  return [
    ['search', `${trials} trials of ${folds} folds`],
    ['best', `trial ${best.trial}, RMSE ${trips(best.rmse)}${before}`],
    ['', parameters.join(', ')],
  ];
}

function forecastRows(result: ForecastResult): ResultRow[] {
  if (!result.version) return [['forecast', `none was issued: ${result.reason}`]];
  const { model, version, hours, issuedAt, provider, reason, kept } = result;
  const issued = `${issuedAt.slice(0, 16).replace('T', ' ')} UTC`;
  const weather = provider === 'climatology' ? 'climatology' : `the weather forecast of ${provider}`;
  return [
    ['forecast', `${hours} hours by ${model} version ${version}, issued ${issued}${kept ? ' and kept' : ''}`],
    ['weather', weather],
    ...labelled('why', reason === null ? [] : [reason]),
    ['look at', 'npx citibike forecast'],
  ];
}

function retentionRows({ dryRun, planned, removed, spared, plan }: RetentionResult): ResultRow[] {
  const counts = Object.entries(removed ?? planned)
    .filter(([, { objects }]) => objects > 0)
    .map(([kind, { objects, bytes }]) => `${kind}: ${objects} (${(bytes / 1e6).toFixed(1)} MB)`);
  const stayed = spared > 0 ? `, ${spared} stayed because something refers to them` : '';
  return [
    [dryRun ? 'to remove' : 'removed', `${counts.join(', ') || 'nothing'}${stayed}`],
    ['plan', plan.uri],
  ];
}

/** Rows by name of the workflow. A workflow without an entry has the lines of its steps alone. */
const ROWS: Readonly<Record<string, (result: never) => ResultRow[]>> = {
  ingest: (result: IngestResult) => labelled('data', dataLines(result)),
  training: (result: TrainingResult) => [
    ...(result.search ? searchRows(result.search) : []),
    ...trainingRows(
      result,
      `${result.model} version ${result.version} ${result.promotion.promote ? 'is champion' : 'was not promoted'}`,
    ),
  ],
  deployment: deploymentRows,
  monitoring: monitoringRows,
  lifecycle: (result: LifecycleResult) => [
    ...labelled('data', dataLines(result.data)),
    ...trainingRows(result.training, lifecycleModel(result)),
    ...monitoringRows(result.monitoring),
  ],
  rollback: ({ model, version, servedBy, reason }: RollbackResult) =>
    labelled('model', [`${model} version ${version} is champion, ${servedText(servedBy)}`, reason]),
  search: searchRows,
  backtest: (result: BacktestResult) => [
    ...labelled('backtest', backtestTable(result).split('\n')),
    ['report', result.page.uri],
  ],
  batchPrediction: ({ model, version, rows, warnedRows = 0, output }: BatchPrediction) => [
    ['predicted', `${number.format(rows)} hours by ${model} version ${version}`],
    ['', output],
    ...labelled('warnings', warnedRows > 0 ? [`${warnedRows} rows, named in the column warnings`] : []),
  ],
  forecast: forecastRows,
  retention: retentionRows,
};

/** Returns the rows of a result. Results come from the workflow of that name, so they have its type. */
export function resultRows(workflow: string, result: unknown): ResultRow[] {
  return ROWS[workflow]?.(result as never) ?? [];
}

export function rowLines(rows: readonly ResultRow[]): string[] {
  return rows.map(([label, text]) => `  ${label.padEnd(12)} ${text}`.trimEnd());
}
