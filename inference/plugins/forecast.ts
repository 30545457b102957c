/** Follows the newest forecast in the service, answers from it, and tells its age to Prometheus. */
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { Gauge } from 'prom-client';
import { HttpProblem } from '../../adapters/fastify/problem.ts';
import { isStaleForecast, type DemandForecast } from '../../contracts/demand-forecast.ts';
import type { ForecastSelection } from '../default-forecast.ts';
import { ageOf, ForecastAnswers, type ForecastAnswer } from '../forecast-answers.ts';
import { ForecastFollower } from '../forecast-follower.ts';
import { forecastWeather, type ForecastWeather } from '../fill-weather.ts';
import type { ServiceOptions } from '../options.ts';

/** Is the pause of a caller that found no forecast: a new one is followed within this time. */
const RETRY_AFTER_SECONDS = 6;

/** Represents the followed forecast with what is derived from it once per issue. */
interface PreparedForecast {
  readonly forecast: DemandForecast;
  readonly answers: ForecastAnswers;
  readonly weather: ForecastWeather;
}

export interface Forecasts {
  /** @throws HttpProblem 503 if there is no forecast of hours to come. */
  answer(now: number, selection: ForecastSelection): ForecastAnswer;
  /** Weather of the followed forecast; undefined without one. */
  readonly weather: ForecastWeather | undefined;
}

declare module 'fastify' {
  interface FastifyInstance {
    forecasts: Forecasts;
  }
}

export default fp<ServiceOptions>(
  (app: FastifyInstance, { forecast: options, model: { model } }) => {
    const follower =
      options && new ForecastFollower({ ...options, model, log: app.log.child({ component: 'forecast' }) });
    let prepared: PreparedForecast | undefined;
    const current = (): PreparedForecast | undefined => {
      const forecast = follower?.forecast;
      if (forecast && forecast !== prepared?.forecast)
        prepared = { forecast, answers: new ForecastAnswers(forecast), weather: forecastWeather(forecast) };
      return prepared;
    };
    app.decorate('forecasts', {
      answer(now, selection) {
        const answers = current()?.answers;
        const answer = answers?.answerAt(now, selection);
        if (answer) return answer;
        throw new HttpProblem(503, 'no-forecast', reasonOf(model, follower, answers), {
          retryAfter: RETRY_AFTER_SECONDS,
        });
      },
      get weather() {
        return current()?.weather;
      },
    } satisfies Forecasts);
    app.decorateRequest('filledRows', null);
    registerMetrics(app, model, () => follower?.forecast);
    if (!follower) return;
    app.addHook('onReady', () => follower.start());
    app.addHook('onClose', () => follower.stop());
  },
  { name: 'forecast', dependencies: ['metrics'] },
);

function reasonOf(
  model: string,
  follower: ForecastFollower | undefined,
  answers: ForecastAnswers | undefined,
): string {
  if (answers)
    return `The newest forecast of ${model} ended at ${new Date(answers.end).toISOString()}; issue a new one (run: citibike run forecast).`;
  if (follower && !follower.isUpToDate)
    return 'The newest forecast is unknown: Postgres has not answered yet.';
  return `No forecast of ${model} has been issued yet; issue one (run: citibike run forecast).`;
}

/** Registers gauges that have a value only while there is a forecast. In a cluster, the worst process counts. */
function registerMetrics(
  { metrics: { registry } }: FastifyInstance,
  model: string,
  forecastNow: () => DemandForecast | undefined,
): void {
  const gauge = (
    name: string,
    help: string,
    aggregator: 'max' | 'min',
    valueOf: (forecast: DemandForecast, now: number) => number,
  ) =>
    new Gauge({
      ...{ name, help, aggregator },
      labelNames: ['model'] as const,
      registers: [registry],
      collect() {
        const forecast = forecastNow();
        if (forecast) this.set({ model }, valueOf(forecast, Date.now()));
      },
    });
  gauge(
    'forecast_issued_timestamp_seconds',
    'Issue time of the followed forecast, in seconds since 1970; in a cluster, the earliest.',
    'min',
    ({ issuedAt }) => Date.parse(issuedAt) / 1000,
  );
  gauge(
    'forecast_age_seconds',
    'Seconds since the issue time of the followed forecast; in a cluster, the most.',
    'max',
    (forecast, now) => ageOf(forecast, now) / 1000,
  );
  gauge(
    'forecast_stale',
    '1 if the followed forecast is older than 24 hours or has no weather forecast, otherwise 0.',
    'max',
    (forecast, now) => Number(isStaleForecast(forecast, now)),
  );
}
