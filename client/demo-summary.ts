/** Summarizes a demo at its end. */
import type { DemandForecast } from '../contracts/demand-forecast.ts';
import type { IngestResult } from '../contracts/workflows/ingest.ts';
import type { LifecycleResult } from '../contracts/workflows/lifecycle.ts';
import type { Settings } from '../settings.ts';
import { chartLegend, forecastChart } from './forecast-chart.ts';
import { labelledLines } from './labelled-lines.ts';
import { outcomeRows } from './outcome-rows.ts';
import type { IssueResult } from '../contracts/workflows/forecast.ts';

/** Sets the interval of the chart, and the hours that it shows. */
const INTERVAL = 0.9;
const SHOWN_HOURS = 72;

export interface DemoOutcome {
  readonly description: string;
  readonly result: LifecycleResult;
  readonly also?: { readonly system: string; readonly result: IngestResult };
  readonly workflowId: string;
  readonly call: { readonly command: string; readonly answer: string };
  readonly seconds: number;
}

export function summaryLines({ result, also, ...outcome }: DemoOutcome, settings: Settings): string[] {
  const { ports } = settings;
  const others = also ? outcomeRows('ingest', also.result, { system: also.system }).slice(0, 1) : [];
  return labelledLines([
    ['read', outcome.description],
    ...others.map(([, summary]) => ['', `From zip archives: ${summary}`] as const),
    ...outcomeRows('lifecycle', result),
    ['prediction', `$ ${outcome.call.command}`],
    ['', outcome.call.answer],
    ['look at', `console          http://127.0.0.1:${ports.console}`],
    ['', `                 actions need a token: npx citibike console-token create NAME`],
    ['', `prediction API   http://127.0.0.1:${ports.inference}/docs`],
    ['', `MLflow           ${settings.mlflow.trackingUri}`],
    [
      '',
      `Temporal UI      http://127.0.0.1:${ports.temporalUi}/namespaces/${settings.temporal.namespace}/workflows/${outcome.workflowId}`,
    ],
    ['', `S3               ${settings.s3.endpoint ?? 'AWS'}   npx citibike s3 ls`],
    ['', `Postgres         127.0.0.1:${ports.postgres}   npx citibike sql 'select * from citibike_metrics'`],
    ['time', `${outcome.seconds.toFixed(0)} s`],
  ]);
}

/** Draws the next days, and says where their weather comes from. */
export function forecastLines(
  { provider, reason }: Pick<IssueResult, 'provider' | 'reason'>,
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
