/**
 * Daily weather CSV, from files or from NOAA's access service (`units=standard`), to records and back in one normal form. Imperial
 * units: °F, inches, mph. An empty field is a missing observation, never 0.
 */
import { CitibikeError } from '../../contracts/errors.ts';
import type { WeatherDay } from '../../contracts/frame.ts';

/** Columns of the normal form, in order. */
export const WEATHER_CSV_COLUMNS = ['AWND', 'PRCP', 'SNOW', 'SNWD', 'TAVG', 'TMAX', 'TMIN'] as const;
type CsvColumn = (typeof WEATHER_CSV_COLUMNS)[number];

export interface WeatherRecord extends WeatherDay {
  /** Daily mean, °F; absent at many stations. */
  readonly TAVG: number | null;
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

/** No New York summer month has stayed under 50 °F: such values are °C. */
const COLDEST_SUMMER_HIGH_F = 50;

/**
 * @param name of the file, for messages.
 * @returns records sorted by date, one a day; of repeated days the last one in the file.
 * @throws CitibikeError BAD_WEATHER naming file, line and field.
 */
export function parseWeatherCsv(text: string, name: string): WeatherRecord[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = splitCsv(lines[0] ?? '').map((field) => field.trim().toUpperCase());
  const missing = ['DATE', ...REQUIRED].filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw new CitibikeError(
      'BAD_WEATHER',
      `${name}, line 1: column ${missing.join(', ')} missing from the header ${JSON.stringify((lines[0] ?? '').slice(0, 120))}; ` +
        'expected DATE, TMAX, TMIN and, where observed, AWND, PRCP, SNOW, SNWD, TAVG',
      { file: name, line: 1, missing },
    );
  }
  const byDate = new Map<string, WeatherRecord>();
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const record = parseLine(splitCsv(line), header, name, index + 1);
    byDate.set(record.date, record);
  }
  const records = [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
  checkUnits(records, name);
  return records;
}

/** The normal form: header, then the records in order, `\n` line ends. */
export function formatWeatherCsv(records: readonly WeatherRecord[]): string {
  const rows = records.map((record) =>
    [record.date, ...WEATHER_CSV_COLUMNS.map((column) => record[column] ?? '')].join(','),
  );
  return [`DATE,${WEATHER_CSV_COLUMNS.join(',')}`, ...rows, ''].join('\n');
}

function parseLine(
  fields: readonly string[],
  header: readonly string[],
  name: string,
  line: number,
): WeatherRecord {
  const bad = (field: string, value: string, expected: string) =>
    new CitibikeError(
      'BAD_WEATHER',
      `${name}, line ${line}: ${field} is ${JSON.stringify(value)}, expected ${expected}`,
      { file: name, line, field },
    );
  const date = fields[header.indexOf('DATE')]?.trim() ?? '';
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date)))
    throw bad('DATE', date, 'YYYY-MM-DD');
  const number = (column: CsvColumn): number | null => {
    const text = fields[header.indexOf(column)]?.trim() ?? '';
    if (text === '') return null;
    const value = Number(text);
    const [least, most] = PLAUSIBLE[column];
    if (!(value >= least && value <= most))
      throw bad(column, text, `a number from ${least} to ${most} (°F, inches, mph)`);
    return value;
  };
  return {
    date,
    AWND: number('AWND'),
    PRCP: number('PRCP'),
    SNOW: number('SNOW'),
    SNWD: number('SNWD'),
    TAVG: number('TAVG'),
    TMAX: number('TMAX'),
    TMIN: number('TMIN'),
  };
}

function checkUnits(records: readonly WeatherRecord[], name: string): void {
  const summer = records.filter(({ date, TMAX }) => /-0[678]-/.test(date) && TMAX !== null);
  if (summer.length < 14) return;
  const highest = Math.max(...summer.map(({ TMAX }) => TMAX ?? -Infinity));
  if (highest < COLDEST_SUMMER_HIGH_F) {
    throw new CitibikeError(
      'BAD_WEATHER',
      `${name}: the highest TMAX of the summer is ${highest}, which looks like °C; expected °F (NOAA: units=standard)`,
      { file: name, highest },
    );
  }
}

/** Fields of one line; quotes as NOAA writes them, no line breaks inside. */
function splitCsv(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  );
}
