/**
 * Units of daily weather. NOAA publishes the same days in three systems: `standard` (°F, inches, mph), `metric` (°C, mm, m/s) and, in
 * the GHCN-Daily files, integers in tenths (0.1 °C, 0.1 mm, whole mm of snow, 0.1 m/s). Nothing in a plain file says which, so
 * columns that name their unit are believed, and otherwise the temperatures are held against what New York has ever been like.
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

/** To °F, inches and mph, as precise as NOAA writes those: a difference of conversion alone is below 0.1. */
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
    // Snow alone is in whole millimetres (readme of GHCN-Daily, section III).
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

/** Unit at the end of a column's name, as in `TMAX_C`, `PRCP (mm)`, `AWND [m/s]`, `SNOW_inches`. */
const NAMED_UNITS: readonly (readonly [RegExp, UnitSystem])[] = [
  [/^(°?F|(DEG(REES)?[ _]?)?(F|FAHRENHEIT)|IN|INCH(ES)?|MPH|MI(LES)?\/H(OU)?R?)$/, 'imperial'],
  [/^(°?C|(DEG(REES)?[ _]?)?(C|CELSIUS)|MM|MILLIMET(ER|RE)S?|M\/?S|MPS|MET(ER|RE)S?\/SEC(OND)?)$/, 'metric'],
  [/^(TENTHS?([ _].*)?|0?\.1 ?(°?C|MM|M\/S))$/, 'tenths'],
];

/** Units that no file of NOAA has: read as another one, they would be wrong numbers. */
const OTHER_UNITS = /^(CM|CENTIMET(ER|RE)S?|M|MET(ER|RE)S?|FT|FEET|K|KELVIN|KM_?\/?P?H|KPH|KN(OTS?)?|KTS?)$/;

/** Whether a header's field names a column in a unit that is none of the three systems', such as `SNOW (cm)`. */
export function hasOtherUnit(field: string): boolean {
  const [, , bracketed, behind] = partsOf(field) ?? [];
  return bracketed === undefined
    ? behind !== undefined && OTHER_UNITS.test(behind)
    : parseColumn(field) === undefined;
}

/** Name, unit in brackets, and what follows an underscore. */
function partsOf(field: string): RegExpExecArray | null {
  return /^([A-Z][A-Z0-9]*)(?:[\s_]*[([]([^)\]]+)[)\]]|_(.+))?$/.exec(field.trim().toUpperCase());
}

/** A header's field as column and, where it names one, unit; undefined for what is neither. */
export function parseColumn(field: string): { column: string; system: UnitSystem | null } | undefined {
  const match = partsOf(field);
  if (!match) return undefined;
  const unit = (match[2] ?? match[3])?.trim();
  if (unit === undefined) return { column: match[1]!, system: null };
  const system = NAMED_UNITS.find(([pattern]) => pattern.test(unit))?.[1];
  return system && { column: match[1]!, system };
}

/**
 * Mean daily maximum by month, °F: Central Park, normals of 1991–2020 (National Weather Service). LaGuardia differs by 2 °F at most,
 * which is nothing beside the distance between the systems: what is 85 °F in July would be 185 °F read as °C, or 47 °F as tenths.
 */
export const NORMAL_HIGH_F = [
  39.5, 42.2, 49.9, 61.8, 71.4, 79.7, 84.9, 83.3, 76.2, 64.5, 54.0, 44.3,
] as const;

/** Temperatures of a day as written. */
export interface WrittenDay {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly TMAX: number | null;
  readonly TMIN: number | null;
}

/**
 * Whether days read in a system look like New York's: the median of TMAX near the season's, and a median daily range of 5 to 30 °F
 * (13 is usual; it is 67 when tenths are taken for °F, and 2 the other way round). The fewer the days, the wider the bounds.
 */
function fits(days: readonly WrittenDay[], system: UnitSystem): boolean {
  const whole = days.filter(({ TMAX, TMIN }) => TMAX !== null && TMIN !== null);
  if (whole.length === 0) return true;
  const anomalies = whole.map(
    ({ date, TMAX }) => toImperial('TMAX', TMAX!, system) - NORMAL_HIGH_F[Number(date.slice(5, 7)) - 1]!,
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

/** Systems in which the days could be written. Tenths are integers always: a decimal point rules them out. */
function systemsThatFit(days: readonly WrittenDay[], decimals: boolean): UnitSystem[] {
  return UNIT_SYSTEMS.filter((system) => !(system === 'tenths' && decimals) && fits(days, system));
}

/**
 * The system of a file whose columns do not name it.
 * @param expected what the file would be in if nothing speaks against it; it decides where several fit.
 * @throws CitibikeError BAD_WEATHER when none fits, or several do and nothing is expected.
 */
export function tellSystem(
  days: readonly WrittenDay[],
  decimals: boolean,
  expected: UnitSystem | undefined,
  name: string,
): UnitSystem {
  const fitting = systemsThatFit(days, decimals);
  const [only] = fitting;
  if (only && fitting.length === 1) return only;
  if (expected && fitting.includes(expected)) return expected;
  const highs = days.flatMap(({ TMAX }) => (TMAX === null ? [] : [TMAX]));
  throw new CitibikeError(
    'BAD_WEATHER',
    `${name}: the units cannot be told: ${days.length} days of TMAX from ${Math.min(...highs)} to ${Math.max(...highs)} ` +
      `${only ? `could be ${fitting.join(' or ')}` : 'fit neither °F, °C nor tenths of °C in New York'}. ` +
      'Name the unit in the columns (TMAX_F or TMAX_C), or set WEATHER_UNITS to imperial, metric or tenths.',
    { file: name, fitting },
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
