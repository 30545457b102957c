import { readWeatherForecasts, toldDays } from '../../adapters/postgres/weather-forecasts.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { DAY_MS, addDays } from '../../contracts/calendar.ts';
import type { WeatherDay } from '../../contracts/frame.ts';
import type { SystemFacts } from '../../contracts/systems.ts';
import type { ForecastDays } from '../../contracts/weather-forecast.ts';
import { LAST_LEAD, learnForecastErrors, type ForecastErrors } from '../../core/forecast/forecast-errors.ts';
import { MEASURED_ERRORS } from '../../core/forecast/measured-errors.ts';
import { stationFor } from '../common/facts-of.ts';
import { readPointer } from '../common/pointer.ts';
import { weatherPointer } from '../common/raw-data-folders.ts';
import { readStoredWeather } from '../common/read-weather.ts';
import type { ActivityDependencies } from '../dependencies.ts';

/** Sets the days of stored forecasts from which errors are learned: a year has every season. */
const OUTCOME_DAYS = 365;

/** Sets the days of issues that may say something of yesterday and today. */
const EARLIER_DAYS = 9;

export interface ForecastWeather {
  /** Undefined for climatology. */
  readonly told: ForecastDays | undefined;
  readonly earlier: readonly ForecastDays[];
  /** Observed days of this year and the year before. */
  readonly observed: readonly WeatherDay[];
  readonly errors: ForecastErrors;
}

/** Reads what is known of the weather of an issue: forecasts, observations, and the errors of earlier forecasts. */
export async function readForecastWeather(
  deps: ActivityDependencies,
  facts: SystemFacts,
  issue: Pick<ForecastDays, 'issuedAt' | 'issueDay'> & { readonly provider: ForecastDays['provider'] | null },
): Promise<ForecastWeather> {
  const { issuedAt, issueDay, provider } = issue;
  const to = new Date(issuedAt);
  const issues = await readWeatherForecasts(deps.database, facts.id, {
    from: new Date(to.getTime() - EARLIER_DAYS * DAY_MS),
    to,
  });
  const observed = await observedDays(deps, facts, Number(issueDay.slice(0, 4)));
  const told = issues.find((each) => each.provider === provider && each.issuedAt === issuedAt);
  return {
    told,
    earlier: issues.filter((each) => each !== told),
    observed,
    errors: provider ? await learnedErrors(deps, facts.id, provider, issueDay, observed) : MEASURED_ERRORS,
  };
}

async function learnedErrors(
  { database }: ActivityDependencies,
  system: string,
  provider: ForecastDays['provider'],
  issueDay: string,
  observed: readonly WeatherDay[],
): Promise<ForecastErrors> {
  const seen = new Map(observed.map((day) => [day.date, day]));
  const told = await toldDays(database, { system, provider }, addDays(issueDay, -OUTCOME_DAYS), LAST_LEAD);
  const outcomes = told.flatMap(({ leadDay, date, forecast }) => {
    const day = seen.get(date);
    return day && date < issueDay ? [{ leadDay, forecast, observed: day }] : [];
  });
  return learnForecastErrors(outcomes, MEASURED_ERRORS);
}

/** Reads the newest stored observations. Forecasts are of real weather, also for a version of synthetic trips. */
async function observedDays(
  deps: ActivityDependencies,
  facts: SystemFacts,
  year: number,
): Promise<WeatherDay[]> {
  const { objects } = deps.artifacts;
  const station = stationFor(deps, facts);
  const days: WeatherDay[] = [];
  for (const each of [year - 1, year]) {
    const uri = weatherPointer(objects.buckets.data, station, false, each);
    const stored = await readPointer<{ ref: ArtifactRef }>(objects, uri);
    if (stored)
      days.push(...(await readStoredWeather(await deps.artifacts.read(stored.ref), stored.ref.uri)));
  }
  return days;
}
