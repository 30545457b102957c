/**
 * Gives rows of /predict_trip without any weather that of the forecast for their day, before anything else reads them. Rows that the
 * forecast does not reach stay as they are and are rejected; `explainMissingWeather` says why.
 */
import type { FastifyInstance, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { addDays } from '../contracts/calendar.ts';
import type { DemandForecast } from '../contracts/demand-forecast.ts';
import { MAX_BATCH_ROWS } from '../contracts/max-batch-rows.ts';
import {
  WEATHER_INPUT_FACTS,
  WEATHER_INPUTS,
  byColumn,
  type WeatherInput,
} from '../contracts/weather-columns.ts';
import { toMetric } from '../contracts/weather-ranges.ts';
import { inTurns } from './in-turns.ts';
import { isMetric } from './metric-body.ts';
import { ROWS_FIELD } from './schemas/body-limits.ts';

type DayWeather = Readonly<Partial<Record<WeatherInput, number>>>;

export interface ForecastWeather {
  readonly issuedAt: string;
  /** Weather by day in °F, inches and mph, without what nothing says. Days of climatology are absent. */
  readonly days: ReadonlyMap<string, DayWeather>;
}

/** Represents the rows of a request whose weather is that of a forecast. */
export interface FilledRows {
  readonly issuedAt: string;
  /** Indices of the rows. */
  readonly rows: ReadonlySet<number>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null if the caller gave the weather of all rows. */
    filledRows: FilledRows | null;
  }
}

/** A forecast may not say the snow, and then there is none, as the command line assumes. */
const ASSUMED = Object.fromEntries(
  WEATHER_INPUT_FACTS.flatMap(({ name, assumed }) => (assumed === undefined ? [] : [[name, assumed]])),
) as DayWeather;

export function forecastWeather({ issuedAt, weather }: DemandForecast): ForecastWeather {
  const forecast = new Map(
    weather.filter(({ source }) => source === 'forecast').map((day) => [day.date, day]),
  );
  const days = new Map<string, DayWeather>();
  for (const [date, { TMAX, TMIN, PRCP, SNOW, AWND }] of forecast) {
    if (TMAX === null || TMIN === null) continue;
    const told = {
      TMAX,
      // A service may forecast a minimum above the maximum.
      TMIN: Math.min(TMIN, TMAX),
      ...{ PRCP, SNOW, AWND },
      PRCP_yesterday: forecast.get(addDays(date, -1))?.PRCP ?? null,
    };
    const known = Object.entries(told).filter(([, value]) => value !== null);
    days.set(date, { ...ASSUMED, ...(Object.fromEntries(known) as DayWeather) });
  }
  return { issuedAt, days };
}

/** Returns a `preValidation` hook. It uses a callback, because a promise would delay every request by one turn of the event loop. */
export function fillWeather(app: FastifyInstance) {
  return (request: FastifyRequest, _reply: unknown, done: HookHandlerDoneFunction): void => {
    const rows = (request.body as Partial<Record<typeof ROWS_FIELD, unknown>> | null | undefined)?.[
      ROWS_FIELD
    ];
    const { weather } = app.forecasts;
    if (!weather || !Array.isArray(rows) || rows.length > MAX_BATCH_ROWS) return done();
    const isInMetric = isMetric(request.query);
    const filled = new Set<number>();
    const filling = inTurns(rows as readonly unknown[], (slice, first) => {
      for (let i = 0; i < slice.length; i++) {
        const row = slice[i];
        if (!isWithoutWeather(row)) continue;
        const day = weather.days.get(row.date.slice(0, 10));
        if (!day) continue;
        Object.assign(row, isInMetric ? inMetric(day) : day);
        filled.add(first + i);
      }
    });
    const finish = (): void => {
      if (filled.size > 0) request.filledRows = { issuedAt: weather.issuedAt, rows: filled };
      done();
    };
    if (filling) void filling.then(finish, done);
    else finish();
  };
}

/** Checks for a row with a date and without any weather. */
export function isWithoutWeather(row: unknown): row is { readonly date: string } {
  if (typeof row !== 'object' || row === null) return false;
  const fields = row as Readonly<Record<string, unknown>>;
  return typeof fields['date'] === 'string' && WEATHER_INPUTS.every((name) => fields[name] === undefined);
}

/** The values have the precision of NOAA's files, so the conversion back gives them again. */
function inMetric(day: DayWeather): DayWeather {
  const names = WEATHER_INPUTS.filter((name) => day[name] !== undefined);
  return byColumn(names, (name) => toMetric(name, day[name]!));
}
