/** Summarizes a demo at its end. */
import type { DemandForecast } from '../contracts/demand-forecast.ts';
import type { RegressionMetrics } from '../contracts/model.ts';
import type { ForecastResult } from '../contracts/workflows/forecast.ts';
import type { IngestResult } from '../contracts/workflows/ingest.ts';
import type { LifecycleResult } from '../contracts/workflows/lifecycle.ts';
import type { Settings } from '../settings.ts';
import { chartLegend, forecastChart } from './forecast-chart.ts';

/** Interval of the chart, and the hours that it shows. */
const INTERVAL = 0.9;
const SHOWN_HOURS = 72;

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Formats trips per hour: as a whole number if large, with one decimal if small. */
function trips(value: number): string {
  return Math.abs(value) < 100 ? value.toFixed(1) : number.format(value);
}

function metricsLine(metrics: RegressionMetrics): string {
  return `RMSE ${trips(metrics.rmse)}  MAE ${trips(metrics.mae)}  R² ${metrics.r2.toFixed(3)}  bias ${trips(metrics.bias)}`;
}

export interface DemoOutcome {
  readonly description: string;
  readonly result: LifecycleResult;
  readonly also?: { readonly system: string; readonly result: IngestResult };
  readonly workflowId: string;
  readonly call: { readonly command: string; readonly answer: string };
  readonly seconds: number;
}

export function summaryLines(outcome: DemoOutcome, settings: Settings): string[] {
  const { result, also } = outcome;
  const { data, training, deployment, monitoring } = result;
  const { promotion } = training;
  const lines: [string, string][] = [
    ['data', outcome.description],
    [
      '',
      `${data.months} months, ${number.format(data.hours)} hours, ${number.format(data.trips)} trips${data.synthetic ? ', SYNTHETIC' : ''}`,
    ],
  ];
  if (data.missing.length > 0) lines.push(['', `missing at the source: ${data.missing.join(', ')}`]);
  if (also) {
    lines.push([
      '',
      `${also.system} from its zip archives: ${also.result.months} months, ${number.format(also.result.trips)} trips (not at the source: ${also.result.missing.join(', ') || 'none'})`,
    ]);
  }
  lines.push(
    [
      'model',
      `${training.model} version ${deployment.version} is champion (this run's candidate: version ${training.version}${training.cached ? ', found from an earlier run' : ''})`,
    ],
    ['', `${promotion.reason}`],
    [
      '',
      `trained in ${training.seconds.toFixed(0)} s on the ${training.backend} backend${training.cached ? ' (cached)' : ''}`,
    ],
    [
      'out of time',
      `${metricsLine(training.metrics)}   on ${number.format(training.metrics.rows)} hours after training`,
    ],
    ['naive', `${metricsLine(training.naive)}   mean by hour, weekday, month`],
  );
  if (training.metrics.coverage !== undefined && training.metrics.width !== undefined) {
    lines.push([
      'intervals',
      `90 % intervals cover ${(training.metrics.coverage * 100).toFixed(1)} %, mean width ${trips(training.metrics.width)}`,
    ]);
  }
  lines.push(
    ['drift', `${monitoring.rows} weekly rows in citibike_metrics; decision: ${monitoring.decision}`],
    ...monitoring.reasons.map((reason): [string, string] => ['', reason]),
    ['prediction', `$ ${outcome.call.command}`],
    ['', outcome.call.answer],
    ['look at', `console          http://127.0.0.1:${settings.ports.console}`],
    ['', `                 actions need a token: npx citibike console-token create NAME`],
    ['', `prediction API   http://127.0.0.1:${settings.ports.inference}/docs`],
    ['', `MLflow           ${settings.mlflow.trackingUri}`],
    [
      '',
      `Temporal UI      http://127.0.0.1:${settings.ports.temporalUi}/namespaces/${settings.temporal.namespace}/workflows/${outcome.workflowId}`,
    ],
    ['', `drift report     ${monitoring.html.uri}`],
    ['', `S3               ${settings.s3.endpoint ?? 'AWS'}   npx citibike s3 ls`],
    [
      '',
      `Postgres         127.0.0.1:${settings.ports.postgres}   npx citibike sql 'select * from citibike_metrics'`,
    ],
    ['time', `${outcome.seconds.toFixed(0)} s`],
  );
  return lines.map(([label, text]) => `  ${label.padEnd(12)} ${text}`);
}

/** Draws the next days, and says where their weather comes from. */
export function forecastLines(
  { provider, reason }: Pick<ForecastResult, 'provider' | 'reason'>,
  forecast: DemandForecast,
): string[] {
  const from =
    provider === 'climatology'
      ? 'climatology, the weather of the same season in the training months'
      : `the weather forecast of ${provider}`;
  const hours = forecast.hours
    .slice(0, SHOWN_HOURS)
    .map((hour) => ({ ...hour, ...hour.intervals[INTERVAL] }));
  return [
    '',
    `Trips per hour of the next ${SHOWN_HOURS / 24} days (${forecast.timeZone}), from ${from}, issued ${forecast.issuedAt}`,
    ...(reason === null ? [] : [`  ${reason}`]),
    ...`${forecastChart({ hours })}${chartLegend(INTERVAL)}`.trimEnd().split('\n'),
  ];
}
