/**
 * Daily weather CSV, from files or from NOAA, to records and back in one normal form: °F, inches, mph. What is written in other units
 * is converted (weather-units.ts says how they are told apart). An empty field is a missing observation, never 0.
 */
import { CitibikeError } from '../../contracts/errors.ts';
import type { WeatherDay } from '../../contracts/frame.ts';
import { showValue } from '../../contracts/show-value.ts';
import {
  UNIT_SYSTEMS,
  WEATHER_CSV_COLUMNS,
  parseColumn,
  tellSystem,
  toImperial,
  type CsvColumn,
  type UnitSystem,
} from './weather-units.ts';

export { WEATHER_CSV_COLUMNS } from './weather-units.ts';

export interface WeatherRecord extends WeatherDay {
  /** Daily mean, °F; absent at many stations. */
  readonly TAVG: number | null;
}

export interface ReadWeather {
  /** Sorted by date, one a day; of repeated days the last one in the file. */
  readonly records: WeatherRecord[];
  /** What the file was written in. */
  readonly units: UnitSystem;
}

/** TMAX and TMIN decide the units; the model cannot do without them. */
const REQUIRED: readonly CsvColumn[] = ['TMAX', 'TMIN'];

/** Widest values ever seen in the United States, rounded outwards; the hourly frame's sanity, not its climate. */
const PLAUSIBLE: Readonly<Record<CsvColumn, readonly [number, number]>> = {
  TMAX: [-80, 140],
  TMIN: [-90, 120],
  TAVG: [-85, 130],
  PRCP: [0, 50],
  SNOW: [0, 80],
  SNWD: [0, 500],
  AWND: [0, 150],
};

/**
 * Means that no month of New York reaches: they show that one column is in other units than the rest. The wettest month on record
 * (Central Park, August 2011) had 0.61 inches a day; LaGuardia's mean wind is 11 mph.
 */
const HIGHEST_MEAN: Readonly<Partial<Record<CsvColumn, number>>> = { PRCP: 1, AWND: 30 };

/** Fewer days than this may well be that wet or windy. */
const DAYS_FOR_A_MEAN = 28;

/** Values of a line as written. */
interface WrittenLine extends Readonly<Record<CsvColumn, number | null>> {
  readonly date: string;
  readonly line: number;
}

export interface WeatherUnits {
  /** What the file is known to be in; left out, its units are told by the names of its columns, or by its values. */
  readonly units?: UnitSystem | undefined;
  /** What it is most likely in: decides where the values fit several. */
  readonly expected?: UnitSystem | undefined;
}

/** `readWeatherCsv` for those who do not ask what the file was written in. */
export function parseWeatherCsv(text: string, name: string, units: WeatherUnits = {}): WeatherRecord[] {
  return readWeatherCsv(text, name, units).records;
}

/**
 * @param name of the file, for messages.
 * @throws CitibikeError BAD_WEATHER naming file, line and field, or saying why the units cannot be told.
 */
export function readWeatherCsv(text: string, name: string, units: WeatherUnits = {}): ReadWeather {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = parseHeader(lines[0] ?? '', name);
  const written = lines.flatMap((line, index) =>
    index === 0 || line.trim() === '' ? [] : [parseLine(splitCsv(line), header.at, name, index + 1)],
  );
  const byDate = new Map(written.map((line) => [line.date, line]));
  const days = [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
  const expected = header.normal ? 'imperial' : units.expected;
  const system = units.units ?? header.system ?? systemOf(days, expected, name);
  const records = days.map((day) => inImperial(day, system, name));
  checkMeans(records, name, system);
  return { records, units: system };
}

/** The normal form: header, then the records in order, `\n` line ends. */
export function formatWeatherCsv(records: readonly WeatherRecord[]): string {
  const rows = records.map((record) =>
    [record.date, ...WEATHER_CSV_COLUMNS.map((column) => record[column] ?? '')].join(','),
  );
  return [NORMAL_HEADER, ...rows, ''].join('\n');
}

const NORMAL_HEADER = `DATE,${WEATHER_CSV_COLUMNS.join(',')}`;

interface Header {
  /** Position of each column that is there. */
  readonly at: ReadonlyMap<string, number>;
  /** As its columns name it; null where they do not. */
  readonly system: UnitSystem | null;
  /** Exactly as `formatWeatherCsv` writes it, always in imperial units. */
  readonly normal: boolean;
}

function parseHeader(line: string, name: string): Header {
  const bad = (reason: string, details: Record<string, unknown> = {}) =>
    new CitibikeError(
      'BAD_WEATHER',
      `${name}, line 1: ${reason} ${showValue(line)}; ` +
        'expected DATE, TMAX, TMIN and, where observed, AWND, PRCP, SNOW, SNWD, TAVG',
      { file: name, line: 1, ...details },
    );
  const at = new Map<string, number>();
  const systems = new Set<UnitSystem>();
  for (const [index, field] of splitCsv(line).entries()) {
    const parsed = parseColumn(field);
    if (!parsed || at.has(parsed.column)) continue;
    const known = (WEATHER_CSV_COLUMNS as readonly string[]).includes(parsed.column);
    if (!known && parsed.column !== 'DATE') continue;
    at.set(parsed.column, index);
    if (parsed.system) systems.add(parsed.system);
  }
  const missing = ['DATE', ...REQUIRED].filter((column) => !at.has(column));
  if (missing.length > 0) throw bad(`column ${missing.join(', ')} missing from the header`, { missing });
  if (systems.size > 1) throw bad(`columns in ${[...systems].join(' and ')} units side by side:`);
  return { at, system: [...systems][0] ?? null, normal: line.trim() === NORMAL_HEADER };
}

function parseLine(
  fields: readonly string[],
  at: ReadonlyMap<string, number>,
  name: string,
  line: number,
): WrittenLine {
  const textOf = (column: string) => fields[at.get(column) ?? -1]?.trim() ?? '';
  const date = textOf('DATE').replace(/T00:00(:00(\.0+)?)?$/, '');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !isDate(date))
    throw badField(name, line, 'DATE', date, 'YYYY-MM-DD');
  const number = (column: CsvColumn): number | null => {
    const text = textOf(column);
    if (text === '') return null;
    const value = Number(text);
    if (!Number.isFinite(value)) throw badField(name, line, column, text, 'a number');
    if (!UNIT_SYSTEMS.some((system) => isPlausible(column, toImperial(column, value, system))))
      throw badField(name, line, column, text, 'an observation; leave the field empty where there is none');
    return value;
  };
  return {
    date,
    line,
    AWND: number('AWND'),
    PRCP: number('PRCP'),
    SNOW: number('SNOW'),
    SNWD: number('SNWD'),
    TAVG: number('TAVG'),
    TMAX: number('TMAX'),
    TMIN: number('TMIN'),
  };
}

function isPlausible(column: CsvColumn, imperial: number): boolean {
  const [least, most] = PLAUSIBLE[column];
  return imperial >= least && imperial <= most;
}

/** A day of the calendar: `2025-02-30` is none. */
function isDate(date: string): boolean {
  const time = Date.parse(date);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}

function systemOf(days: readonly WrittenLine[], expected: UnitSystem | undefined, name: string): UnitSystem {
  const decimals = days.some((day) =>
    WEATHER_CSV_COLUMNS.some((column) => day[column] !== null && !Number.isInteger(day[column])),
  );
  return days.length === 0 ? 'imperial' : tellSystem(days, decimals, expected, name);
}

function inImperial(day: WrittenLine, system: UnitSystem, name: string): WeatherRecord {
  const number = (column: CsvColumn): number | null => {
    const value = day[column];
    if (value === null) return null;
    const converted = toImperial(column, value, system);
    if (!isPlausible(column, converted)) {
      const [least, most] = PLAUSIBLE[column];
      const expected = `a number from ${least} to ${most} (°F, inches, mph)${system === 'imperial' ? '' : ` once converted from ${system}`}`;
      throw badField(name, day.line, column, String(value), expected);
    }
    return converted;
  };
  return {
    date: day.date,
    AWND: number('AWND'),
    PRCP: number('PRCP'),
    SNOW: number('SNOW'),
    SNWD: number('SNWD'),
    TAVG: number('TAVG'),
    TMAX: number('TMAX'),
    TMIN: number('TMIN'),
  };
}

function checkMeans(records: readonly WeatherRecord[], name: string, system: UnitSystem): void {
  for (const [column, highest] of Object.entries(HIGHEST_MEAN) as [CsvColumn, number][]) {
    const values = records.flatMap((record) => record[column] ?? []);
    const mean = values.reduce((total, value) => total + value, 0) / values.length;
    if (values.length < DAYS_FOR_A_MEAN || mean <= highest) continue;
    throw new CitibikeError(
      'BAD_WEATHER',
      `${name}: ${column} is ${mean.toFixed(1)} ${column === 'PRCP' ? 'inches' : 'mph'} in the mean of ${values.length} days, ` +
        `read as ${system}: no New York weather. Is the column in other units than the temperatures?`,
      { file: name, field: column, mean },
    );
  }
}

function badField(name: string, line: number, field: string, value: string, expected: string): CitibikeError {
  return new CitibikeError(
    'BAD_WEATHER',
    `${name}, line ${line}: ${field} is ${showValue(value)}, expected ${expected}`,
    { file: name, line, field },
  );
}

/** Fields of one line; quotes as NOAA writes them, no line breaks inside. */
function splitCsv(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  );
}
