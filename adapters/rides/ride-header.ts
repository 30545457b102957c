/** Recognises the three published layouts of a trip CSV by the header line. */
import { badArchive, type BadArchivePlace } from '../sources/bad-archive.ts';
import { showValue } from '../../contracts/show-value.ts';

export interface RideColumns {
  readonly schema: 'modern' | 'legacy';
  /** Number of all columns. A row with more or fewer is an error. */
  readonly count: number;
  /** 0-based position, like those below. Legacy rows have neither id nor bike. */
  readonly id: number | null;
  readonly bike: number | null;
  readonly started: number;
  readonly ended: number;
  readonly startStation: number;
  readonly endStation: number;
  readonly member: number;
}

type Wanted = Readonly<Record<Exclude<keyof RideColumns, 'schema' | 'count'>, string | null>>;

/** Published column names by layout. Case, spaces and underscores are ignored: `Start Time` equals `starttime`. */
const LAYOUTS: Readonly<Record<RideColumns['schema'], Wanted>> = {
  modern: {
    id: 'ride_id',
    bike: 'rideable_type',
    started: 'started_at',
    ended: 'ended_at',
    startStation: 'start_station_id',
    endStation: 'end_station_id',
    member: 'member_casual',
  },
  legacy: {
    id: null,
    bike: null,
    started: 'starttime',
    ended: 'stoptime',
    startStation: 'start station id',
    endStation: 'end station id',
    member: 'usertype',
  },
};

/** Columns that identify a layout. If one is present, all other columns of the layout are required. */
const TELLING: Readonly<Record<RideColumns['schema'], readonly (keyof Wanted)[]>> = {
  modern: ['id', 'started', 'ended'],
  legacy: ['started', 'ended'],
};

/** Explains why a line cannot belong to a trip CSV, if it is a known accident. */
export function knownAccident(line: string): string | undefined {
  if (/^(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)( |\r?$)/.test(line))
    return `a version-control conflict marker (${line.trim().slice(0, 40)})`;
  if (/^\s*<(!doctype|html|\?xml|head|body)/i.test(line)) return 'an HTML or XML page instead of rides';
  return undefined;
}

/** Recognises the layout. @throws CitibikeError BAD_ARCHIVE on an empty file, an unknown header or a missing column. */
export function recogniseHeader(line: string, place: BadArchivePlace): RideColumns {
  const at = { ...place, line: 1 };
  const text = line.replace(/^\uFEFF/, '').replace(/\r$/, '');
  if (text.trim() === '') throw badArchive(at, 'an empty file, expected a header and rides');
  const accident = knownAccident(text);
  if (accident) throw badArchive(at, `${accident}, expected the header of a trip CSV`);
  const names = text.split(',').map(plainName);
  const position = (name: string) => names.indexOf(plainName(name));
  for (const schema of ['modern', 'legacy'] as const) {
    const wanted = LAYOUTS[schema];
    if (!TELLING[schema].some((column) => position(wanted[column] ?? '') >= 0)) continue;
    const missing = Object.values(wanted).filter((name) => name !== null && position(name) < 0);
    if (missing.length > 0)
      throw badArchive(at, `column ${missing.join(' and ')} is missing from the header ${excerpt(text)}`);
    const of = (column: keyof Wanted) => position(wanted[column] ?? '');
    return {
      schema,
      count: names.length,
      id: wanted.id === null ? null : of('id'),
      bike: wanted.bike === null ? null : of('bike'),
      started: of('started'),
      ended: of('ended'),
      startStation: of('startStation'),
      endStation: of('endStation'),
      member: of('member'),
    };
  }
  throw badArchive(
    at,
    `unknown header ${excerpt(text)}, expected ride_id, started_at, ended_at or starttime, stoptime among its columns`,
  );
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, '');
}

export function excerpt(text: string): string {
  return showValue(text);
}
