/**
 * Recognises and converts units of daily weather. NOAA publishes the same days in three systems: `standard` (°F, inches, mph), `metric`
 * (°C, mm, m/s) and, in the GHCN-Daily files, integers in tenths (0.1 °C, 0.1 mm, whole mm of snow, 0.1 m/s). A plain file does not
 * name its system. Units in column names decide; otherwise temperatures are compared with the climate of the place.
 */
import { CitibikeError } from '../../contracts/errors.ts';
import {
  weatherFacts,
  type AnyWeatherColumn,
  type WeatherQuantity,
} from '../../contracts/weather-columns.ts';
import { MM_PER_INCH, MPH_PER_METRE_A_SECOND } from '../../contracts/weather-ranges.ts';

export const UNIT_SYSTEMS = ['imperial', 'metric', 'tenths'] as const;
export type UnitSystem = (typeof UNIT_SYSTEMS)[number];

const fahrenheit = (celsius: number): number => (celsius * 9) / 5 + 32;

/** Converts to °F, inches and mph with the precision of NOAA's files. Rounding changes a value by less than 0.1. */
const TO_IMPERIAL: Readonly<
  Record<UnitSystem, Readonly<Record<WeatherQuantity, (value: number) => number>>>
> = {
  imperial: { temperature: same, rain: same, snow: same, wind: same },
  metric: {
    temperature: (value) => rounded(fahrenheit(value), 1),
    rain: (value) => rounded(value / MM_PER_INCH, 2),
    snow: (value) => rounded(value / MM_PER_INCH, 1),
    wind: (value) => rounded(value * MPH_PER_METRE_A_SECOND, 1),
  },
  tenths: {
    temperature: (value) => rounded(fahrenheit(value / 10), 1),
    rain: (value) => rounded(value / 10 / MM_PER_INCH, 2),
    // Snow is in whole millimetres (readme of GHCN-Daily, section III).
    snow: (value) => rounded(value / MM_PER_INCH, 1),
    wind: (value) => rounded((value / 10) * MPH_PER_METRE_A_SECOND, 1),
  },
};

export function toImperial(column: AnyWeatherColumn, value: number, system: UnitSystem): number {
  return TO_IMPERIAL[system][weatherFacts(column).quantity](value);
}

function same(value: number): number {
  return value;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Matches units at the end of column names, as in `TMAX_C`, `PRCP (mm)`, `AWND [m/s]`, `SNOW_inches`. */
const NAMED_UNITS: readonly (readonly [RegExp, UnitSystem])[] = [
  [/^(°?F|(DEG(REES)?[ _]?)?(F|FAHRENHEIT)|IN|INCH(ES)?|MPH|MI(LES)?\/H(OU)?R?)$/, 'imperial'],
  [/^(°?C|(DEG(REES)?[ _]?)?(C|CELSIUS)|MM|MILLIMET(ER|RE)S?|M\/?S|MPS|MET(ER|RE)S?\/SEC(OND)?)$/, 'metric'],
  [/^(TENTHS?([ _].*)?|0?\.1 ?(°?C|MM|M\/S))$/, 'tenths'],
];

/** Holds the units that NOAA does not use. They are rejected, because another interpretation would give wrong values. */
const OTHER_UNITS = /^(CM|CENTIMET(ER|RE)S?|M|MET(ER|RE)S?|FT|FEET|K|KELVIN|KM_?\/?P?H|KPH|KN(OTS?)?|KTS?)$/;

/** Tells whether a header field names a unit that is in none of the three systems, such as `SNOW (cm)`. */
export function hasOtherUnit(field: string): boolean {
  const [, , bracketed, behind] = partsOf(field) ?? [];
  return bracketed === undefined
    ? behind !== undefined && OTHER_UNITS.test(behind)
    : parseColumn(field) === undefined;
}

/** Splits a header field into name, unit in brackets, and suffix after an underscore. */
function partsOf(field: string): RegExpExecArray | null {
  return /^([A-Z][A-Z0-9]*)(?:[\s_]*[([]([^)\]]+)[)\]]|_(.+))?$/.exec(field.trim().toUpperCase());
}

/** Returns the column of a header field and its unit, if it names one. Returns undefined for other fields. */
export function parseColumn(field: string): { column: string; system: UnitSystem | null } | undefined {
  const match = partsOf(field);
  if (!match) return undefined;
  const unit = (match[2] ?? match[3])?.trim();
  if (unit === undefined) return { column: match[1]!, system: null };
  const system = NAMED_UNITS.find(([pattern]) => pattern.test(unit))?.[1];
  return system && { column: match[1]!, system };
}

/** Temperatures of a day as they are in the file. */
export interface WrittenDay {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly TMAX: number | null;
  readonly TMIN: number | null;
}

/**
 * Tells whether days, read in a system, fit the climate: a median TMAX near the season's, and a median daily range of 5 to 30 °F. The
 * systems differ far more: 85 in July is 85 °F, 185 °F if read as °C, or 47 °F if read as tenths. The usual range is 13 °F; it is
 * 67 °F if tenths are read as °F, and 2 °F in the reverse case. Fewer days have wider bounds.
 */
function fits(days: readonly WrittenDay[], normalHighs: readonly number[], system: UnitSystem): boolean {
  const whole = days.filter(({ TMAX, TMIN }) => TMAX !== null && TMIN !== null);
  if (whole.length === 0) return true;
  const anomalies = whole.map(
    ({ date, TMAX }) => toImperial('TMAX', TMAX!, system) - normalHighs[Number(date.slice(5, 7)) - 1]!,
  );
  const ranges = whole.map(
    ({ TMAX, TMIN }) => toImperial('TMAX', TMAX!, system) - toImperial('TMIN', TMIN!, system),
  );
  const scatter = 1 / Math.sqrt(whole.length);
  const range = median(ranges);
  return (
    Math.abs(median(anomalies)) <= 15 + 30 * scatter &&
    range >= 5 * (1 - scatter) &&
    range <= 30 + 20 * scatter
  );
}

/** Returns the systems that fit the days. A decimal point rules out tenths, which are integers. */
function systemsThatFit(
  days: readonly WrittenDay[],
  decimals: boolean,
  normalHighs: readonly number[],
): UnitSystem[] {
  return UNIT_SYSTEMS.filter(
    (system) => !(system === 'tenths' && decimals) && fits(days, normalHighs, system),
  );
}

/**
 * Returns the system of a file whose columns do not name it.
 * @param normalHighs mean daily maximum of January to December in °F.
 * @param expected the likely system of the file, which decides if several fit.
 * @throws CitibikeError BAD_WEATHER when no system fits, or when several fit and none is expected.
 */
export function tellSystem(
  days: readonly WrittenDay[],
  decimals: boolean,
  normalHighs: readonly number[],
  expected: UnitSystem | undefined,
  name: string,
): UnitSystem {
  const fitting = systemsThatFit(days, decimals, normalHighs);
  const [only] = fitting;
  if (only && fitting.length === 1) return only;
  if (expected && fitting.includes(expected)) return expected;
  const highs = days.flatMap(({ TMAX }) => (TMAX === null ? [] : [TMAX]));
  throw new CitibikeError(
    'BAD_WEATHER',
    `${name}: the units are ambiguous or unknown: ${days.length} days of TMAX from ${Math.min(...highs)} to ${Math.max(...highs)} ` +
      `${only ? `could be ${fitting.join(' or ')}` : 'fit neither °F, °C nor tenths of °C in the climate of the place'}. ` +
      'Name the unit in the columns (TMAX_F or TMAX_C), or set WEATHER_UNITS to imperial, metric or tenths.',
    { file: name, fitting },
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
