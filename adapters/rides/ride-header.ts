/** Recognises the layout of a trip CSV by its header line. */
import { badArchive, type BadArchivePlace } from '../sources/bad-archive.ts';
import { showValue } from '../../contracts/show-value.ts';
import type { CsvLayout, CsvLayouts } from './csv-layouts.ts';

export interface RideColumns {
  /** Name of the layout. */
  readonly layout: string;
  /** Number of all columns. A row with more or fewer is an error. */
  readonly count: number;
  /** 0-based position, like those below. Null if the file has no such column. */
  readonly id: number | null;
  readonly bike: number | null;
  readonly started: number;
  readonly ended: number;
  readonly startStation: number;
  readonly endStation: number;
  readonly startName: number | null;
  readonly endName: number | null;
  /** Degrees north and east. */
  readonly startLat: number | null;
  readonly startLon: number | null;
  readonly endLat: number | null;
  readonly endLon: number | null;
  readonly member: number;
}

type Role = Exclude<keyof CsvLayout, 'others'>;

/** Holds the columns that a file may lack, because only the quality report and the map of stations need them. */
const OPTIONAL = new Set<string>([
  'startName',
  'endName',
  'startLat',
  'startLon',
  'endLat',
  'endLon',
  'others',
]);

/** Separators that spreadsheets write instead of commas in some countries. */
const SEPARATORS = [';', '\t', '|'];

/** Explains why a line cannot belong to a trip CSV, if it is a known accident. */
export function knownAccident(line: string): string | undefined {
  if (/^(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)( |\r?$)/.test(line))
    return `a version-control conflict marker (${line.trim().slice(0, 40)})`;
  if (/^\s*<(!doctype|html|\?xml|head|body)/i.test(line)) return 'an HTML or XML page instead of rides';
  return undefined;
}

/**
 * Recognises the layout.
 * @throws CitibikeError BAD_ARCHIVE on an empty file and on a header that has no layout, with the nearest layout, or several.
 */
export function recogniseHeader(line: string, place: BadArchivePlace, layouts: CsvLayouts): RideColumns {
  const at = { ...place, line: 1 };
  const text = line.replace(/^\uFEFF/, '').replace(/\r$/, '');
  if (text.trim() === '') throw badArchive(at, 'an empty file, expected a header and rides');
  const accident = knownAccident(text);
  if (accident) throw badArchive(at, `${accident}, expected the header of a trip CSV`);
  const header = text.split(',');
  const separator = SEPARATORS.find((mark) => header.length === 1 && text.includes(mark));
  if (separator)
    throw badArchive(
      at,
      `columns separated by ${showValue(separator)}, expected commas. Save the CSV with commas`,
    );
  const fitting = Object.entries(layouts).filter(([, layout]) => missingColumns(layout, header).length === 0);
  const [first, ...more] = fitting;
  if (!first) throw badArchive(at, `unknown header ${excerpt(text)}${nearestLayout(header, layouts)}`);
  if (more.length > 0) {
    const names = fitting.map(([name]) => name).join(' and ');
    throw badArchive(at, `header ${excerpt(text)} has the layouts ${names}, expected one of them`);
  }
  const repeated = repeatedColumn(first[1], header);
  if (repeated !== undefined)
    throw badArchive(
      at,
      `the column ${showValue(repeated)} occurs twice, expected once. Remove the wrong one`,
    );
  return columnsOf(first, header);
}

/** Returns the first column that is read and occurs twice. */
function repeatedColumn({ others: _, ...read }: CsvLayout, header: readonly string[]): string | undefined {
  const plain = header.map(plainName);
  const names = Object.values(read).flatMap(plainNames);
  return header.find((_, i) => plain.indexOf(plain[i]!) < i && names.includes(plain[i]!));
}

function columnsOf([name, layout]: [string, CsvLayout], header: readonly string[]): RideColumns {
  const plain = header.map(plainName);
  const of = (role: Role) => plain.findIndex((each) => plainNames(layout[role]).includes(each));
  const ifThere = (role: Role) => (of(role) < 0 ? null : of(role));
  return {
    layout: name,
    count: header.length,
    id: ifThere('id'),
    bike: ifThere('bike'),
    started: of('started'),
    ended: of('ended'),
    startStation: of('startStation'),
    endStation: of('endStation'),
    startName: ifThere('startName'),
    endName: ifThere('endName'),
    startLat: ifThere('startLat'),
    startLon: ifThere('startLon'),
    endLat: ifThere('endLat'),
    endLon: ifThere('endLon'),
    member: of('member'),
  };
}

/** Returns the columns that the layout requires and the header lacks, by their first published name. */
function missingColumns(layout: CsvLayout, header: readonly string[]): string[] {
  const plain = header.map(plainName);
  return Object.entries(layout)
    .filter(([role, names]) => !OPTIONAL.has(role) && !plainNames(names).some((name) => plain.includes(name)))
    .map(([, names]) => names.split(',')[0]!);
}

/** Describes how the header differs from the layout with which it has most columns in common. */
function nearestLayout(header: readonly string[], layouts: CsvLayouts): string {
  const [nearest] = Object.entries(layouts)
    .map(([name, layout]) => {
      const known = Object.values(layout).flatMap(plainNames);
      const extra = header.filter((column) => !known.includes(plainName(column)));
      return { name, missing: missingColumns(layout, header), extra, common: header.length - extra.length };
    })
    .sort((a, b) => b.common - b.missing.length - (a.common - a.missing.length));
  if (!nearest || nearest.common === 0)
    return `, expected a layout of inputs/csv-layouts.yaml: ${Object.keys(layouts).join(', ')}`;
  const { name, missing, extra } = nearest;
  const unknown = extra.length > 0 ? `; not in that layout: ${listOf(extra)}` : '';
  return `. The nearest layout is ${name}; missing from the header: ${listOf(missing)}${unknown}`;
}

const MOST_NAMED = 8;

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).map((name) => showValue(name.trim().replaceAll('"', '')));
  return [...shown, ...(names.length > MOST_NAMED ? [`${names.length - MOST_NAMED} more`] : [])].join(', ');
}

function plainNames(names = ''): string[] {
  return names.split(',').map(plainName);
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, '');
}

export function excerpt(text: string): string {
  return showValue(text);
}
