/**
 * The rules of one hour to predict, for every door: HTTP, command line, batch files and console. It loads no library, so that the
 * browser can read it too.
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
  /** Undefined or null where the value is missing. */
  readonly got: unknown;
  /** What was expected, as a message says it after "expected". */
  readonly expected: string;
}

/** An hour as a caller gives it. Null and undefined are missing values. */
export interface GivenHour {
  /** `YYYY-MM-DD[T ]HH:MM[:SS[.fff]]`, or a day beside `hour`. */
  readonly date: unknown;
  /** Whole number from 0 to 23, where the date is a day alone. */
  readonly hour?: unknown;
  /** 0 or 1; the federal calendar decides where it is missing. */
  readonly holiday?: unknown;
  readonly weather: Readonly<Partial<Record<WeatherInput, unknown>>>;
}

/** The hour that examples show. */
export const EXAMPLE_HOUR = {
  date: '2025-01-15T08:00:00',
  ...byColumn(
    REQUIRED_WEATHER_INPUTS,
    (name) => WEATHER_INPUT_FACTS.find((facts) => facts.name === name)?.example ?? 0,
  ),
};

const TIME = new RegExp(TIME_PATTERN);
export const EXPECTED_HOLIDAY = '1 on a US federal holiday, otherwise 0';
const HOUR = 'a whole hour from 0 to 23';
const MIDNIGHT = /^00:00(:00(\.0+)?)?$/;

export interface HourRules {
  /** What becomes of a missing value of a required column: files may leave it to the training medians. Rejected when left out. */
  readonly missing?: 'reject' | 'impute';
  /** The weather is in °C, mm and m/s, and is returned so. */
  readonly metric?: boolean;
}

/** Returns the hour, or everything that is wrong with it; at least one problem. */
export function hourToPredict(
  { date, hour, holiday, weather }: GivenHour,
  rules: HourRules = {},
): HourlyInput | FieldProblem[] {
  const when = whenOf(date, hour);
  const problems = [...('field' in when ? [when] : []), ...weatherProblems(weather, rules)];
  if (!isMissing(holiday) && holiday !== 0 && holiday !== 1)
    problems.push({ field: 'holiday', got: holiday, expected: EXPECTED_HOLIDAY });
  if (problems.length > 0 || 'field' in when) return problems;
  const values = weather as HourlyInput['weather'];
  return { ...when, ...(isMissing(holiday) ? {} : { holiday: holiday as number }), weather: values };
}

/** Returns what is wrong with the weather of an hour: missing values, types, ranges, and the lowest temperature above the highest. */
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

/** Returns the problem of a day whose lowest temperature is above its highest, both in `unit`. Missing values are no problem here. */
export function temperatureProblem(
  { TMAX, TMIN }: Readonly<Partial<Record<'TMAX' | 'TMIN', number | null>>>,
  unit = unitOf('TMAX', false),
): FieldProblem | undefined {
  if (isMissing(TMAX) || isMissing(TMIN) || !(TMIN > TMAX)) return undefined;
  return { field: 'TMIN', got: TMIN, expected: `a temperature not above TMAX, which is ${TMAX} ${unit}` };
}

function whenOf(date: unknown, hour: unknown): TripHour | FieldProblem {
  const wrongDate = (expected: string): FieldProblem => ({ field: 'date', got: date, expected });
  if (typeof date !== 'string') return wrongDate(EXPECTED_TIME);
  if (isMissing(hour)) {
    if (!TIME.test(date)) return wrongDate(EXPECTED_TIME);
    const when = tripHour(date);
    return typeof when === 'string' ? wrongDate(when) : when;
  }
  if (typeof hour !== 'number' || !Number.isInteger(hour) || hour < 0 || hour > 23)
    return { field: 'hour', got: hour, expected: HOUR };
  const time = TIME.test(date) ? date.slice(11) : '';
  if (time === '' && !hasDayForm(date)) return wrongDate(`${EXPECTED_DAY} beside an hour`);
  const when = tripHour(`${date.slice(0, 10)}T${String(hour).padStart(2, '0')}:00`);
  if (typeof when === 'string') return wrongDate(when);
  // Tools write a day as a time at midnight.
  const agrees = time === '' || MIDNIGHT.test(time) || Number(time.slice(0, 2)) === hour;
  return agrees ? when : { field: 'hour', got: hour, expected: `the hour of the date, which is ${time}` };
}

function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
