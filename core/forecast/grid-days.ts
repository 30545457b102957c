/**
 * Converts `forecastGridData` of api.weather.gov (https://www.weather.gov/documentation/services-web-api). Each layer has intervals of
 * its own length in UTC, such as `2022-02-04T12:00:00+00:00/PT13H`, and values in °C, mm, % or km/h.
 */
import { DAY_MS, HOUR_MS } from '../../contracts/calendar.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import {
  DAYS_AFTER,
  DAYS_BEFORE,
  type ForecastColumn,
  type ForecastDay,
  type ForecastDays,
} from '../../contracts/weather-forecast.ts';
import { localDayOf, localDaysBetween, type LocalDay } from './local-days.ts';
import { imperial, isFiniteNumber, type MetricUnit } from './metric-units.ts';

export interface GridAnswer {
  readonly properties: Readonly<Record<string, unknown>> & { readonly updateTime: string };
}

export function isGridAnswer(answer: unknown): answer is GridAnswer {
  const updated = (answer as { properties?: { updateTime?: unknown } } | null)?.properties?.updateTime;
  return typeof updated === 'string' && !Number.isNaN(instantOf(updated));
}

const TIME = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** Parses a time into milliseconds of UTC, or NaN. Without an offset, the time zone of this machine would decide. */
function instantOf(time: string): number {
  return TIME.test(time) ? Date.parse(time) : NaN;
}

/** Represents a value that holds from `from` to `to`, in milliseconds of UTC. */
interface Interval {
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** Computes the value of a day from a layer; null if the layer does not say it. */
type ByDay = (intervals: readonly Interval[], day: LocalDay) => number | null;

interface Layer {
  readonly name: string;
  readonly unit: MetricUnit;
  readonly byDay: ByDay;
}

/** A layer must cover this share of a day. The rest of today, or the start of the last day, does not stand for the day. */
const LEAST_COVERED = 0.5;

/** Sets the hours of an interval below which its extreme is that of the rest of a daytime or night, which has begun already. */
const LEAST_EXTREME_HOURS = 6;

/** Limits the intervals of a layer. A real answer has up to 180. */
const MOST_INTERVALS = 2_000;

const LAYERS: Readonly<Record<ForecastColumn, Layer>> = {
  TMAX: { name: 'maxTemperature', unit: '°C', byDay: extremeOf(Math.max) },
  TMIN: { name: 'minTemperature', unit: '°C', byDay: extremeOf(Math.min) },
  PRCP: { name: 'quantitativePrecipitation', unit: 'mm', byDay: sum },
  SNOW: { name: 'snowfallAmount', unit: 'mm', byDay: sum },
  AWND: { name: 'windSpeed', unit: 'km/h', byDay: mean },
};
const PROBABILITY = 'probabilityOfPrecipitation';

/** Holds the units as the service writes them, after `wmoUnit:`. */
const UNIT_NAMES: Readonly<Record<MetricUnit | '%', string>> = {
  '°C': 'degC',
  mm: 'mm',
  cm: 'cm',
  'km/h': 'km_h-1',
  '%': 'percent',
};

const highestChance = extremeOf(Math.max, 0);

/** @throws CitibikeError BAD_WEATHER naming the layer, for an unknown unit or an interval that cannot be read. */
export function gridDays({ properties }: GridAnswer, timeZone: string): ForecastDays {
  const layers = new Map(
    Object.values(LAYERS).map(({ name, unit }) => [name, intervalsOf(properties, name, unit)]),
  );
  const chances = intervalsOf(properties, PROBABILITY, '%');
  const all = [...layers.values(), chances].flat();
  const issued = instantOf(properties.updateTime);
  const issue = {
    provider: 'api.weather.gov',
    issuedAt: new Date(issued).toISOString(),
    issueDay: localDayOf(issued, timeZone),
  } as const;
  if (all.length === 0) return { ...issue, days: [] };
  const from = Math.max(issued - DAYS_BEFORE * DAY_MS, Math.min(...all.map((interval) => interval.from)));
  const to = Math.min(issued + DAYS_AFTER * DAY_MS, Math.max(...all.map((interval) => interval.to)));
  const days = localDaysBetween(from, to, timeZone).map((day): ForecastDay => {
    const column = (name: ForecastColumn) => {
      const { name: layer, unit, byDay } = LAYERS[name];
      const value = byDay(layers.get(layer)!, day);
      return value === null ? null : imperial(name, value, unit);
    };
    const percent = covers(chances, day) ? highestChance(chances, day) : null;
    return {
      date: day.date,
      TMAX: column('TMAX'),
      TMIN: column('TMIN'),
      PRCP: column('PRCP'),
      SNOW: column('SNOW'),
      AWND: column('AWND'),
      rainProbability: percent === null ? null : percent / 100,
    };
  });
  return {
    ...issue,
    days: days.filter(({ TMAX, TMIN, PRCP }) => TMAX !== null || TMIN !== null || PRCP !== null),
  };
}

/** Takes the extreme of the intervals whose middle is in the day: the night's minimum belongs to the morning. */
function extremeOf(extreme: (...values: number[]) => number, leastHours = LEAST_EXTREME_HOURS): ByDay {
  return (intervals, day) => {
    const values = intervals
      .filter(({ from, to }) => to - from >= leastHours * HOUR_MS)
      .filter(({ from, to }) => (from + to) / 2 >= day.from && (from + to) / 2 < day.to)
      .map(({ value }) => value);
    return values.length === 0 ? null : extreme(...values);
  };
}

/** Adds amounts. An interval that spans midnight is split in proportion to its hours. */
function sum(intervals: readonly Interval[], day: LocalDay): number | null {
  if (!covers(intervals, day)) return null;
  return intervals.reduce(
    (total, interval) => total + (interval.value * overlap(interval, day)) / (interval.to - interval.from),
    0,
  );
}

function mean(intervals: readonly Interval[], day: LocalDay): number | null {
  if (!covers(intervals, day)) return null;
  const weighted = intervals.reduce((total, interval) => total + interval.value * overlap(interval, day), 0);
  return weighted / covered(intervals, day);
}

function covers(intervals: readonly Interval[], day: LocalDay): boolean {
  return covered(intervals, day) >= LEAST_COVERED * (day.to - day.from);
}

function covered(intervals: readonly Interval[], day: LocalDay): number {
  return intervals.reduce((total, interval) => total + overlap(interval, day), 0);
}

function overlap(interval: Interval, day: LocalDay): number {
  return Math.max(0, Math.min(interval.to, day.to) - Math.max(interval.from, day.from));
}

/** Returns the intervals of a layer that have a value. A layer that the answer lacks has none. */
function intervalsOf(properties: GridAnswer['properties'], name: string, unit: MetricUnit | '%'): Interval[] {
  const layer = properties[name] as { uom?: unknown; values?: unknown } | null | undefined;
  if (!Array.isArray(layer?.values) || layer.values.length === 0) return [];
  const given = typeof layer.uom === 'string' ? layer.uom.replace(/^.*:/, '') : layer.uom;
  // A service may write back the contact of the request, so a text of its own is not shown.
  if (given !== UNIT_NAMES[unit]) throw bad(`${name}.uom`, 'another unit', `wmoUnit:${UNIT_NAMES[unit]}`);
  if (layer.values.length > MOST_INTERVALS)
    throw bad(`${name}.values`, layer.values.length, `at most ${MOST_INTERVALS}`);
  const intervals = layer.values.flatMap((entry: unknown): Interval[] => {
    const { validTime, value } = (entry ?? {}) as { validTime?: unknown; value?: unknown };
    if (value === null || value === undefined) return [];
    if (!isFiniteNumber(value)) throw bad(`${name}.value`, typeof value, 'a finite number or null');
    return [{ ...spanOf(name, validTime), value }];
  });
  return withoutRepeats(name, intervals);
}

/** Drops an interval that is repeated. Others that overlap contradict each other, and amounts would count twice. */
function withoutRepeats(name: string, intervals: readonly Interval[]): Interval[] {
  const kept: Interval[] = [];
  for (const interval of intervals.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    const last = kept.at(-1);
    if (last && interval.from < last.to) {
      const isRepeat =
        interval.from === last.from && interval.to === last.to && interval.value === last.value;
      if (!isRepeat)
        throw bad(
          `${name}.validTime`,
          'intervals that overlap',
          'one value for each time, as the service gives it',
        );
    } else {
      kept.push(interval);
    }
  }
  return kept;
}

/** Parses `2022-02-04T12:00:00+00:00/P1DT6H`. */
function spanOf(name: string, validTime: unknown): { from: number; to: number } {
  const [, start = '', days = 0, hours = 0, minutes = 0] =
    /^([^/]+)\/P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(
      typeof validTime === 'string' ? validTime : '',
    ) ?? [];
  const from = instantOf(start);
  const length = Number(days) * DAY_MS + (Number(hours) + Number(minutes) / 60) * HOUR_MS;
  if (Number.isNaN(from) || length <= 0)
    throw bad(
      `${name}.validTime`,
      'another form',
      'a time and a duration such as 2022-02-04T12:00:00+00:00/PT13H',
    );
  return { from, to: from + length };
}

function bad(field: string, got: string | number, expected: string): CitibikeError {
  return new CitibikeError(
    'BAD_WEATHER',
    `forecast of api.weather.gov: ${field}: got ${String(got)}, expected ${expected}. The service may have changed its format`,
    { field },
  );
}
