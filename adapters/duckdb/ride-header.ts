/** The three published layouts of a trip CSV, told by the header line. */
import { badArchive, type BadArchivePlace } from '../sources/bad-archive.ts';

export interface RideColumns {
  readonly schema: 'modern' | 'legacy';
  /** Columns in all, so that a row with more or fewer is an error. */
  readonly count: number;
  /** 0-based positions; legacy rows have no id. */
  readonly id: number | null;
  readonly started: number;
  readonly ended: number;
}

/** Column names by layout, without case, spaces and underscores: `Start Time` and `starttime` are one. */
const LAYOUTS = [
  { schema: 'modern', id: 'rideid', started: 'startedat', ended: 'endedat' },
  { schema: 'legacy', id: null, started: 'starttime', ended: 'stoptime' },
] as const;

const AS_PUBLISHED: Record<string, string> = {
  rideid: 'ride_id',
  startedat: 'started_at',
  endedat: 'ended_at',
  starttime: 'starttime',
  stoptime: 'stoptime',
};

/** Why a line cannot belong to a trip CSV, where it is one of the known accidents. */
export function knownAccident(line: string): string | undefined {
  if (/^(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)( |\r?$)/.test(line))
    return `a version-control conflict marker (${line.trim().slice(0, 40)})`;
  if (/^\s*<(!doctype|html|\?xml|head|body)/i.test(line)) return 'an HTML or XML page instead of rides';
  return undefined;
}

/** @throws CitibikeError BAD_ARCHIVE on an empty file, an unknown header or a missing column. */
export function recogniseHeader(line: string, place: BadArchivePlace): RideColumns {
  const at = { ...place, line: 1 };
  const text = line.replace(/^\uFEFF/, '').replace(/\r$/, '');
  if (text.trim() === '') throw badArchive(at, 'an empty file, expected a header and rides');
  const accident = knownAccident(text);
  if (accident) throw badArchive(at, `${accident}, expected the header of a trip CSV`);
  const names = text.split(',').map((name) => name.toLowerCase().replaceAll(/[^a-z]/g, ''));
  for (const { schema, ...wanted } of LAYOUTS) {
    const needed = [wanted.id, wanted.started, wanted.ended].filter((name) => name !== null);
    const missing = needed.filter((name) => !names.includes(name));
    if (missing.length === needed.length) continue;
    if (missing.length > 0) {
      throw badArchive(
        at,
        `column ${missing.map((name) => AS_PUBLISHED[name]).join(' and ')} is missing from the header ${excerpt(text)}`,
      );
    }
    return {
      schema,
      count: names.length,
      id: wanted.id === null ? null : names.indexOf(wanted.id),
      started: names.indexOf(wanted.started),
      ended: names.indexOf(wanted.ended),
    };
  }
  throw badArchive(
    at,
    `unknown header ${excerpt(text)}, expected ride_id, started_at, ended_at or starttime, stoptime among its columns`,
  );
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
