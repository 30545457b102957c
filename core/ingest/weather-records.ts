/**
 * Converts a table of daily weather to records in °F, inches and mph; unit-systems.ts recognises other units. A missing cell is a
 * missing observation, never 0. `T` means a trace and becomes 0.
 */
import { hasZone, isMissing, numberOf, ZONE_ADVICE } from '../../contracts/cells.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { FORMER_NORMAL_HIGHS } from '../../contracts/former-place.ts';
import type { WeatherDay } from '../../contracts/frame.ts';
import { isDay } from '../../contracts/calendar.ts';
import { temperatureProblem } from '../../contracts/hour-to-predict.ts';
import { showValue } from '../../contracts/show-value.ts';
import {
  WEATHER_CSV_COLUMNS,
  byColumn,
  isPlausible,
  weatherFacts,
  type WeatherCsvColumn,
} from '../../contracts/weather-columns.ts';
import { expectedWeather } from '../../contracts/weather-ranges.ts';
import {
  UNIT_SYSTEMS,
  hasOtherUnit,
  parseColumn,
  tellSystem,
  toImperial,
  type UnitSystem,
} from './unit-systems.ts';

export interface WeatherRecord extends WeatherDay {
  /** Daily mean in °F. Many stations do not report it. */
  readonly TAVG: number | null;
}

export interface ReadWeather {
  /** Sorted by date, one per day. */
  readonly records: WeatherRecord[];
  /** Units of the file. */
  readonly units: UnitSystem;
}

/** Represents a table of daily weather as strings. */
export interface WeatherTable {
  /** Name of the file for messages. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly WeatherRow[];
}

interface WeatherRow {
  readonly cells: readonly string[];
  /** Position for messages, such as `line 3`. */
  readonly place: string;
}

export interface WeatherReading {
  /** Units of the file, if known. Otherwise its column names or values decide. */
  readonly units?: UnitSystem | undefined;
  /** Likely units of the file, which decide if its values fit several. */
  readonly expected?: UnitSystem | undefined;
  /** Station to read, such as USW00014732. A file with a column STATION may need it. */
  readonly station?: string | undefined;
  /** Mean daily maximum of January to December in °F, which decides the units of values. Default: New York. */
  readonly normalHighs?: readonly number[] | undefined;
}

/** TMAX and TMIN decide the units, and the model requires them. */
const REQUIRED: readonly WeatherCsvColumn[] = ['TMAX', 'TMIN'];
const OPTIONAL = WEATHER_CSV_COLUMNS.filter((column) => !REQUIRED.includes(column));

/**
 * Sets means that no month of a US city reaches. A higher mean shows that a column has other units than the rest. In Houston, August 2017
 * had 1.3 inches per day; the mean wind of windy cities is 13 mph.
 */
const HIGHEST_MEAN: Readonly<Partial<Record<WeatherCsvColumn, number>>> = { PRCP: 2, AWND: 30 };

/** Sets the minimum number of days for this check, because a few days may be that wet or windy. */
const DAYS_FOR_A_MEAN = 28;

/** Represents the values of a row as they are in the file. */
interface WrittenDay extends Readonly<Record<WeatherCsvColumn, number | null>> {
  readonly date: string;
  readonly place: string;
}

/** @throws CitibikeError BAD_WEATHER naming file, position and field, the stations, or the problem with the units. */
export function weatherRecords(table: WeatherTable, reading: WeatherReading = {}): ReadWeather {
  const header = parseHeader(table);
  const rows = stationRows(table, header, reading.station);
  const written = rows.map((row) => parseRow(row, header.at, table.name));
  checkDays(written, table.name);
  const days = written.toSorted((a, b) => (a.date < b.date ? -1 : 1));
  const expected = header.normal ? 'imperial' : reading.expected;
  const { normalHighs = FORMER_NORMAL_HIGHS } = reading;
  const system = reading.units ?? header.system ?? systemOf(days, normalHighs, expected, table.name);
  const records = days.map((day) => inImperial(day, system, table.name));
  checkMeans(records, table.name, system);
  return { records, units: system };
}

/** Writes the header, then the records in order, with `\n` line ends. */
export function formatWeatherCsv(records: readonly WeatherRecord[]): string {
  const rows = records.map((record) =>
    [record.date, ...WEATHER_CSV_COLUMNS.map((column) => record[column] ?? '')].join(','),
  );
  return [NORMAL_HEADER, ...rows, ''].join('\n');
}

const NORMAL_HEADER = `DATE,${WEATHER_CSV_COLUMNS.join(',')}`;

interface Header {
  /** Index of each column of the file. */
  readonly at: ReadonlyMap<string, number>;
  /** Units in the column names, or null. */
  readonly system: UnitSystem | null;
  /** True for the format of `formatWeatherCsv`, which is always in imperial units. */
  readonly normal: boolean;
}

const KNOWN: readonly string[] = ['STATION', 'DATE', ...WEATHER_CSV_COLUMNS];
const isWeather = (field: string): boolean =>
  WEATHER_CSV_COLUMNS.some((column) => new RegExp(`^\\s*${column}(?![A-Z0-9])`, 'i').test(field));

function parseHeader({ name, columns }: WeatherTable): Header {
  const bad = (reason: string, details: Record<string, unknown> = {}) =>
    new CitibikeError(
      'BAD_WEATHER',
      `${name}, line 1: ${reason} ${showValue(columns.join(','))}; ` +
        `expected ${['DATE', ...REQUIRED].join(', ')} and optionally ${OPTIONAL.join(', ')}, each once`,
      { file: name, line: 1, ...details },
    );
  const at = new Map<string, number>();
  const systems = new Set<UnitSystem>();
  for (const [index, field] of columns.entries()) {
    if (isWeather(field) && hasOtherUnit(field)) {
      throw bad(`column ${showValue(field)} has an unknown unit, expected °F, inches, mph, or °C, mm, m/s:`, {
        column: field,
      });
    }
    const parsed = parseColumn(field);
    if (!parsed || !KNOWN.includes(parsed.column)) continue;
    if (at.has(parsed.column)) throw bad(`column ${parsed.column} occurs twice:`, { column: parsed.column });
    at.set(parsed.column, index);
    if (parsed.system) systems.add(parsed.system);
  }
  const missing = ['DATE', ...REQUIRED].filter((column) => !at.has(column));
  if (missing.length > 0) throw bad(`column ${missing.join(', ')} is missing from the header`, { missing });
  if (systems.size > 1) throw bad(`columns mix ${[...systems].join(' and ')} units:`);
  return { at, system: [...systems][0] ?? null, normal: columns.join(',') === NORMAL_HEADER };
}

/** NOAA's CDO API writes `GHCND:USW00014732`. */
const stationOf = (text: string): string =>
  text
    .trim()
    .replace(/^GHCND:/i, '')
    .toUpperCase();

function stationRows(
  { name, rows }: WeatherTable,
  { at }: Header,
  station: string | undefined,
): readonly WeatherRow[] {
  const place = at.get('STATION');
  if (place === undefined) return rows;
  const stations = [...new Set(rows.map(({ cells }) => stationOf(cells[place] ?? '')))];
  const wanted = station === undefined ? undefined : stationOf(station);
  if (wanted === undefined ? stations.length <= 1 : stations.length === 0) return rows;
  if (wanted !== undefined && stations.includes(wanted)) {
    const blank = rows.find(({ cells }) => stationOf(cells[place] ?? '') === '');
    if (blank) throw badField(name, blank.place, 'STATION', '', 'the station of the row');
    return rows.filter(({ cells }) => stationOf(cells[place] ?? '') === wanted);
  }
  throw new CitibikeError(
    'BAD_WEATHER',
    `${name}: column STATION has ${stations.map((each) => each || '(nothing)').join(', ')}, expected rows of ${wanted ?? 'one station'}: ` +
      'set WEATHER_STATION or --weather-station to the station to read',
    { file: name, stations: stations.slice(0, 20) },
  );
}

function parseRow({ cells, place }: WeatherRow, at: ReadonlyMap<string, number>, name: string): WrittenDay {
  const textOf = (column: string) => cells[at.get(column) ?? -1]?.trim() ?? '';
  const date = textOf('DATE').replace(/[T ]00:00(:00(\.0+)?)?$/, '');
  if (!isDay(date)) {
    const zone = hasZone(date) ? ` without a zone; ${ZONE_ADVICE}` : '';
    throw badField(name, place, 'DATE', date, `YYYY-MM-DD${zone}`);
  }
  const number = (column: WeatherCsvColumn): number | null => {
    const text = textOf(column);
    if (isMissing(text)) return null;
    const { quantity } = weatherFacts(column);
    if (text === 'T' && (quantity === 'rain' || quantity === 'snow')) return 0;
    const value = numberOf(text);
    if (value === undefined || !Number.isFinite(value))
      throw badField(name, place, column, text, 'a number, or an empty field if there is no observation');
    if (!UNIT_SYSTEMS.some((system) => isPlausible(column, toImperial(column, value, system))))
      throw badField(name, place, column, text, 'an observation, or an empty field if there is none');
    return value;
  };
  return { date, place, ...byColumn(WEATHER_CSV_COLUMNS, number) };
}

/** @throws CitibikeError BAD_WEATHER naming a day with two rows. */
function checkDays(days: readonly WrittenDay[], name: string): void {
  const doubled = [...Map.groupBy(days, ({ date }) => date).values()].filter((rows) => rows.length > 1);
  const [first] = doubled;
  if (!first) return;
  const more = doubled.length > 1 ? ` and ${doubled.length - 1} more days` : '';
  throw new CitibikeError(
    'BAD_WEATHER',
    `${name}, ${first.map(({ place }) => place).join(' and ')}: DATE is ${showValue(first[0]!.date)} in ${first.length} rows${more}, expected one row per day`,
    { file: name, field: 'DATE', days: doubled.slice(0, 31).map((rows) => rows[0]!.date) },
  );
}

const TEMPERATURE_UNITS: Readonly<Record<UnitSystem, string>> = {
  imperial: '°F',
  metric: '°C',
  tenths: 'tenths of °C',
};

function systemOf(
  days: readonly WrittenDay[],
  normalHighs: readonly number[],
  expected: UnitSystem | undefined,
  name: string,
): UnitSystem {
  const decimals = days.some((day) =>
    WEATHER_CSV_COLUMNS.some((column) => day[column] !== null && !Number.isInteger(day[column])),
  );
  return days.length === 0 ? 'imperial' : tellSystem(days, decimals, normalHighs, expected, name);
}

function inImperial(day: WrittenDay, system: UnitSystem, name: string): WeatherRecord {
  const number = (column: WeatherCsvColumn): number | null => {
    const value = day[column];
    if (value === null) return null;
    const converted = toImperial(column, value, system);
    if (isPlausible(column, converted)) return converted;
    const once = system === 'imperial' ? '' : ` once converted from ${system}`;
    throw badField(name, day.place, column, String(value), `${expectedWeather(column)}${once}`);
  };
  const record = { date: day.date, ...byColumn(WEATHER_CSV_COLUMNS, number) };
  // The message shows the values as they are in the file.
  const wrong = temperatureProblem(day, TEMPERATURE_UNITS[system]);
  if (wrong) throw badField(name, day.place, wrong.field, String(day.TMIN), wrong.expected);
  return record;
}

function checkMeans(records: readonly WeatherRecord[], name: string, system: UnitSystem): void {
  for (const [column, highest] of Object.entries(HIGHEST_MEAN) as [WeatherCsvColumn, number][]) {
    const values = records.flatMap((record) => record[column] ?? []);
    const mean = values.reduce((total, value) => total + value, 0) / values.length;
    if (values.length < DAYS_FOR_A_MEAN || mean <= highest) continue;
    throw new CitibikeError(
      'BAD_WEATHER',
      `${name}: ${column} is ${mean.toFixed(1)} ${column === 'PRCP' ? 'inches' : 'mph'} on average over ${values.length} days, ` +
        `read as ${system}, expected less in any city. Check whether the column has other units than the temperatures.`,
      { file: name, field: column, mean },
    );
  }
}

function badField(
  name: string,
  place: string,
  field: string,
  value: string,
  expected: string,
): CitibikeError {
  const line = /^line (\d+)$/.exec(place)?.[1];
  return new CitibikeError(
    'BAD_WEATHER',
    `${name}, ${place}: ${field} is ${showValue(value)}, expected ${expected}`,
    { file: name, ...(line === undefined ? {} : { line: Number(line) }), field },
  );
}
