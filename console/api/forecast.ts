/** Builds the answer about one issue of a demand forecast from the rows of Postgres. */
import type { Queryable } from '../../adapters/postgres/database.ts';
import { newestIssue, readForecast } from '../../adapters/postgres/demand-forecasts.ts';
import {
  actualTrips,
  earlierForecasts,
  listIssues,
  type EarlierHour,
} from '../../adapters/postgres/forecast-history.ts';
import { epochDayOf } from '../../contracts/calendar.ts';
import { isStaleForecast, type DemandForecast } from '../../contracts/demand-forecast.ts';
import { idOfStored, storedName } from '../../contracts/stored-names.ts';
import type { Place } from '../../contracts/systems.ts';
import { zoneClock } from '../../contracts/zone-clock.ts';
import { isNight } from '../../core/features/sun.ts';
import type { EarlierIssue, ForecastHour, ForecastIssue } from './schemas/forecast.ts';

interface Asked {
  readonly model: string;
  /** Id of a system. Undefined means any system of the model. */
  readonly system: string | undefined;
  /** ISO 8601. Undefined means the newest issue. */
  readonly issuedAt: string | undefined;
}

/** Returns the names of a system's rows: those of real and of synthetic trips. */
export function systemRows(system: string | undefined): readonly string[] | undefined {
  return system === undefined ? undefined : [storedName(system, false), storedName(system, true)];
}

/** Reads an issue with everything that its page shows; undefined if there is none. */
export async function readIssue(
  db: Queryable,
  { model, system, issuedAt }: Asked,
  placeOf: (system: string) => Promise<Place | undefined>,
) {
  const found = await newestIssue(db, model, { systems: systemRows(system), issuedAt });
  const forecast = found && (await readForecast(db, model, found));
  if (!forecast) return undefined;
  const [issues, earlier, actual, place] = await Promise.all([
    listIssues(db, forecast),
    earlierForecasts(db, forecast),
    actualTrips(db, forecast),
    placeOf(idOfStored(forecast.system)),
  ]);
  const trips = new Map(actual.map((hour) => [keyOf(hour), hour.trips]));
  return {
    issue: issueBody(forecast, trips, place),
    issues: issues.map((issue) => ({ ...issue, issuedAt: issue.issuedAt.toISOString() })),
    earlier: earlierBodies(forecast, earlier),
  };
}

function issueBody(
  forecast: DemandForecast,
  trips: ReadonlyMap<string, number>,
  place: Place | undefined,
): ForecastIssue {
  const clock = zoneClock(forecast.timeZone);
  const issueDay = epochDayOf(forecast.issueDay);
  return {
    ...forecast,
    isStale: isStaleForecast(forecast, Date.now()),
    weather: forecast.weather.map((day) => ({ ...day, fromEarlier: [...day.fromEarlier] })),
    hours: forecast.hours.map((hour): ForecastHour => {
      const day = epochDayOf(hour.date);
      return {
        ...hour,
        at: new Date(clock.instantAt(day, hour.hour)).toISOString(),
        leadDay: day - issueDay,
        isNight: place !== undefined && isNight(place, day, hour.hour + 0.5),
        trips: trips.get(keyOf(hour)) ?? null,
      };
    }),
  };
}

function earlierBodies({ hours }: DemandForecast, rows: readonly EarlierHour[]): EarlierIssue[] {
  return [...Map.groupBy(rows, ({ issuedAt }) => issuedAt.toISOString())].map(([issuedAt, known]) => {
    const byHour = new Map(known.map((hour) => [keyOf(hour), hour.trips]));
    return { issuedAt, predictions: hours.map((hour) => byHour.get(keyOf(hour)) ?? null) };
  });
}

function keyOf({ date, hour }: { readonly date: string; readonly hour: number }): string {
  return `${date} ${hour}`;
}
