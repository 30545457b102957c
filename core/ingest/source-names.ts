/** Parses and builds names of published files by the templates of a system: months, and rides or processed hours. */
import { monthsOf } from '../../contracts/calendar.ts';
import type { Month, MonthSpan } from '../../contracts/months.ts';
import type { ArchiveName, SystemFacts } from '../../contracts/systems.ts';

/** Represents the facts that decide names. */
export type NamingFacts = Pick<SystemFacts, 'id' | 'trips'>;

export interface TripFileName {
  readonly kind: 'archive' | 'hourly';
  /** Months in the name of the file, in order. An archive of several months is read once per month. */
  readonly months: readonly Month[];
}

/** Matches the text before the date, the date, and the first word after it. */
const BEGINNING = /^(.*?)((?:\{(?:YYYY|MM|Q)\})+)([ _-]*[a-z]+)/i;
const WEATHER = /^weather-daily-(\d{4}).*\.csv$/i;
const HOURLY = '.parquet';
const FIELDS: Readonly<Record<string, string>> = {
  '{YYYY}': String.raw`(?<year>\d{4})`,
  '{MM}': '(?<month>0[1-9]|1[0-2])',
  '{Q}': '(?<quarter>[1-4])',
};

/** Returns a reader of names. It returns undefined for a name that no template of the system has. */
export function tripFileNames({ trips }: NamingFacts): (name: string) => TripFileName | undefined {
  const known = [...trips.archives, ...(trips.alsoRead ?? []).map((name): ArchiveName => ({ name }))];
  const templates = known.map((archive) => ({ archive, pattern: patternOf(archive.name) }));
  return (name) => {
    for (const { archive, pattern } of templates) {
      const match = pattern.exec(name);
      if (!match) continue;
      const months = monthsInName(archive, match.groups ?? {});
      if (archive.name.endsWith(HOURLY)) return { kind: 'hourly', months };
      // An archive of a year begins with the first published month.
      const published = months.length === 1 ? months : months.filter((month) => month >= trips.firstMonth);
      if (published.length > 0) return { kind: 'archive', months: published };
    }
    return undefined;
  };
}

/** Returns what the facts of a system say about reading an archive: its months, if a template has its name, and its layouts. */
export function readingFacts(
  facts: NamingFacts,
  name: string,
): { readonly layouts: readonly string[]; readonly months: MonthSpan | undefined } {
  const months = tripFileNames(facts)(name)?.months;
  return { layouts: facts.trips.layouts, months: months && { from: months[0]!, to: months.at(-1)! } };
}

/** Returns the year of a weather file `weather-daily-YYYY*.csv`, or undefined. */
export function parseWeatherFileName(name: string): number | undefined {
  const match = WEATHER.exec(name);
  return match ? Number(match[1]) : undefined;
}

/** Returns names to try for a source without a listing. The newest style comes first. */
export function candidateNames({ trips }: NamingFacts, month: Month): string[] {
  return trips.archives
    .filter(({ from = month, to = month, months }) => {
      const used = months ?? { from, to };
      return used.from <= month && month <= used.to;
    })
    .map(({ name }) => nameOf(name, month));
}

/**
 * Checks whether a name begins like an archive of the system, up to the date and the first word. Files that people rename or unpack
 * often do.
 */
export function beginsLikeNamesOf({ trips }: NamingFacts, name: string): boolean {
  return trips.archives.some((archive) => {
    const [, before = '', date, after = ''] = BEGINNING.exec(archive.name) ?? [];
    if (!date) return false;
    const beginning = /[a-z]/i.test(before) ? before + date : date + after;
    const [source] = [patternOf(beginning).source.replaceAll('[ _-]', '[ _-]?')];
    return new RegExp(source.replace(/\$$/, ''), 'i').test(name);
  });
}

/** Returns an example of a name, for messages. */
export function exampleName(facts: NamingFacts, month = '2024-01'): string {
  return candidateNames(facts, month)[0] ?? nameOf(facts.trips.archives[0]!.name, month);
}

/** Names the folder for months that fail the quality gate of `citibike preprocess`. `explore` ignores it. */
export const REJECTED_FOLDER = 'rejected';

/** Marks a folder as synthetic. */
export const SYNTHETIC_MARKER = 'SYNTHETIC.json';

function nameOf(template: string, month: Month): string {
  const [year, ofYear] = [month.slice(0, 4), month.slice(5)];
  return template
    .replace('{YYYY}', year)
    .replace('{MM}', ofYear)
    .replace('{Q}', String(Math.ceil(Number(ofYear) / 3)));
}

/** Blanks, - and _ are equal in names, because publishers alternate between them. */
function patternOf(template: string): RegExp {
  const parts = template.split(/(\{YYYY\}|\{MM\}|\{Q\})/);
  const source = parts.map(
    (part) => FIELDS[part] ?? part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/[ _-]/g, '[ _-]'),
  );
  return new RegExp(`^${source.join('')}$`, 'i');
}

function monthsInName({ months }: ArchiveName, fields: Readonly<Record<string, string>>): Month[] {
  if (months) return monthsOf(months);
  const { year, month, quarter } = fields;
  if (month) return [`${year}-${month}`];
  const all = monthsOf({ from: `${year}-01`, to: `${year}-12` });
  return quarter ? all.slice((Number(quarter) - 1) * 3, Number(quarter) * 3) : all;
}
