/**
 * Validates one hour to predict for HTTP, command line, batch files and console. This module loads no library, so that the
 * browser can use it.
 */
import { EXPECTED_DAY, hasDayForm } from './calendar.ts';
import type { HourlyInput } from './model.ts';
import { EXPECTED_TIME, TIME_PATTERN, tripHour, type TripHour } from './trip-hour.ts';
import {
  REQUIRED_WEATHER_INPUTS,
  WEATHER_INPUT_FACTS,
  byColumn,
  type WeatherInput,
} from './weather-columns.ts';
import { expectedWeather, rangeOf, unitOf } from './weather-ranges.ts';

export interface FieldProblem {
  readonly field: string;
  /** Undefined or null if the value is missing. */
  readonly got: unknown;
  /** Text after "expected" in a message. */
  readonly expected: string;
}

/** Represents an hour as a caller provides it. Null and undefined are missing values. */
export interface GivenHour {
  /** `YYYY-MM-DD[T ]HH:MM[:SS[.fff]]`, or a day together with `hour`. */
  readonly date: unknown;
  /** Whole number from 0 to 23, if the date has no time. */
  readonly hour?: unknown;
  /** 0 or 1. If missing, the calendar of the model's place decides. */
  readonly holiday?: unknown;
  readonly weather: Readonly<Partial<Record<WeatherInput, unknown>>>;
}

/** Defines the hour that examples show. */
export const EXAMPLE_HOUR = {
  date: '2025-01-15T08:00:00',
  ...byColumn(
    REQUIRED_WEATHER_INPUTS,
    (name) => WEATHER_INPUT_FACTS.find((facts) => facts.name === name)?.example ?? 0,
  ),
};

const TIME = new RegExp(TIME_PATTERN);
export const EXPECTED_HOLIDAY = '1 on a holiday, otherwise 0';
const HOUR = 'a whole hour from 0 to 23';
const MIDNIGHT = /^00:00(:00(\.0+)?)?$/;

export interface HourRules {
  /** Rejects missing values of required columns by default. Files may impute them from the training medians. */
  readonly missing?: 'reject' | 'impute';
  /** True if the weather is in °C, mm and m/s. The answer has the same units. */
  readonly metric?: boolean;
  /** Time zone whose clock must have the hour, if the caller knows it. */
  readonly timeZone?: string;
}

/** Returns the hour, or at least one problem. */
export function hourToPredict(
  { date, hour, holiday, weather }: GivenHour,
  rules: HourRules = {},
): HourlyInput | FieldProblem[] {
  const when = whenOf(date, hour, rules.timeZone);
  const problems = [...('field' in when ? [when] : []), ...weatherProblems(weather, rules)];
  if (!isMissing(holiday) && holiday !== 0 && holiday !== 1)
    problems.push({ field: 'holiday', got: holiday, expected: EXPECTED_HOLIDAY });
  if (problems.length > 0 || 'field' in when) return problems;
  const values = weather as HourlyInput['weather'];
  return { ...when, ...(isMissing(holiday) ? {} : { holiday: holiday as number }), weather: values };
}

/** Returns problems of an hour's weather: missing values, types, ranges, and TMIN above TMAX. */
function weatherProblems(
  weather: GivenHour['weather'],
  { missing = 'reject', metric = false }: HourRules,
): FieldProblem[] {
  const problems = WEATHER_INPUT_FACTS.flatMap(({ name, required }): FieldProblem[] => {
    const { min, max } = rangeOf(name, metric);
    const got = weather[name];
    const isValid = isMissing(got)
      ? !required || missing === 'impute'
      : typeof got === 'number' && got >= min && got <= max;
    return isValid ? [] : [{ field: name, got, expected: expectedWeather(name, metric) }];
  });
  if (problems.length > 0) return problems;
  const order = temperatureProblem(weather as HourlyInput['weather'], unitOf('TMAX', metric));
  return order ? [order] : [];
}

/** Returns a problem if TMIN is above TMAX, both in `unit`. Accepts missing values. */
export function temperatureProblem(
  { TMAX, TMIN }: Readonly<Partial<Record<'TMAX' | 'TMIN', number | null>>>,
  unit = unitOf('TMAX', false),
): FieldProblem | undefined {
  if (isMissing(TMAX) || isMissing(TMIN) || !(TMIN > TMAX)) return undefined;
  return { field: 'TMIN', got: TMIN, expected: `a temperature not above TMAX, which is ${TMAX} ${unit}` };
}

function whenOf(date: unknown, hour: unknown, timeZone: string | undefined): TripHour | FieldProblem {
  const wrongDate = (expected: string): FieldProblem => ({ field: 'date', got: date, expected });
  if (typeof date !== 'string') return wrongDate(EXPECTED_TIME);
  if (isMissing(hour)) {
    if (!TIME.test(date)) return wrongDate(EXPECTED_TIME);
    const when = tripHour(date, timeZone);
    return typeof when === 'string' ? wrongDate(when) : when;
  }
  if (typeof hour !== 'number' || !Number.isInteger(hour) || hour < 0 || hour > 23)
    return { field: 'hour', got: hour, expected: HOUR };
  const time = TIME.test(date) ? date.slice(11) : '';
  if (time === '' && !hasDayForm(date)) return wrongDate(`${EXPECTED_DAY} together with an hour`);
  const when = tripHour(`${date.slice(0, 10)}T${String(hour).padStart(2, '0')}:00`, timeZone);
  if (typeof when === 'string') return wrongDate(when);
  // Some tools write a day as a time at midnight.
  const agrees = time === '' || MIDNIGHT.test(time) || Number(time.slice(0, 2)) === hour;
  return agrees ? when : { field: 'hour', got: hour, expected: `the hour of the date, which is ${time}` };
}

function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
