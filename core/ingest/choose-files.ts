/** Chooses the files of a source for a month: its own, and neighbours that contain some of its rides. */
import { addMonths } from '../../contracts/calendar.ts';
import type { Month } from '../../contracts/months.ts';
import { parseTripFileName, type TripFileName } from './source-names.ts';
import type { System } from '../../contracts/options.ts';

export interface ListedFile {
  readonly name: string;
  /** Last change of the file in epoch milliseconds. Null if the source does not provide it. */
  readonly modified: number | null;
}

/** A listed file and its use. */
export interface ChosenFile<F extends ListedFile> {
  readonly file: F;
  readonly kind: 'archive' | 'hourly';
  /** The month of an archive, or the first month of a file of processed hours. */
  readonly month: Month;
  /** True if the archive contains a whole year, from which the month is extracted. */
  readonly ofYear: boolean;
}

interface MonthFiles<F extends ListedFile> {
  readonly month: Month;
  readonly files: readonly ChosenFile<F>[];
  readonly neighbours: readonly ChosenFile<F>[];
  /** True if the next month's file exists, so that no further rides of this month can appear. */
  readonly complete: boolean;
}

export interface FileChoice<F extends ListedFile> {
  readonly months: readonly MonthFiles<F>[];
  readonly missing: readonly Month[];
}

/**
 * Chooses one file per month. If a month has several files, the newest one is used. The month's own archive takes precedence over that
 * of the year, and any archive over a file of processed hours.
 */
export function chooseFiles<F extends ListedFile>(
  system: System,
  months: readonly Month[],
  listed: readonly F[],
): FileChoice<F> {
  const candidates = listed
    .map((file) => ({ file, name: parseTripFileName(file.name) }))
    .filter((each): each is Named<F> => each.name?.system === system);
  const ownOf = (month: Month) => bestOf(candidates, month);
  return {
    months: months.flatMap((month) => {
      const own = ownOf(month);
      if (!own) return [];
      const next = ownOf(addMonths(month, 1));
      const neighbours = [ownOf(addMonths(month, -1)), next].filter(
        (other): other is Best<F> => other !== undefined && holdsStrays(month, own, other),
      );
      return [
        {
          month,
          files: [own.chosen],
          neighbours: neighbours.map(({ chosen }) => chosen),
          complete: next !== undefined,
        },
      ];
    }),
    missing: months.filter((month) => !ownOf(month)),
  };
}

interface Named<F> {
  readonly file: F;
  readonly name: TripFileName;
}

interface Best<F extends ListedFile> {
  readonly chosen: ChosenFile<F>;
  /** All months that a reading of this file covers. */
  readonly covers: readonly Month[];
}

const PREFERENCE = ['archive', 'year-archive', 'hourly'] as const;

function bestOf<F extends ListedFile>(candidates: readonly Named<F>[], month: Month): Best<F> | undefined {
  const usable = candidates.filter(({ name }) => name.months.includes(month));
  for (const kind of PREFERENCE) {
    const best = usable.filter(({ name }) => name.kind === kind).toSorted(newestFirst)[0];
    if (!best) continue;
    const { file, name } = best;
    return kind === 'hourly'
      ? { chosen: { file, kind, month: name.months[0]!, ofYear: false }, covers: name.months }
      : { chosen: { file, kind: 'archive', month, ofYear: kind === 'year-archive' }, covers: [month] };
  }
  return undefined;
}

/** Sorts by time, then by name, so that the choice does not depend on the order of the listing. */
function newestFirst<F extends ListedFile>(a: Named<F>, b: Named<F>): number {
  const byTime = (b.file.modified ?? 0) - (a.file.modified ?? 0);
  if (byTime !== 0) return byTime;
  return a.file.name < b.file.name ? -1 : 1;
}

/** Avoids counting strays twice: a file of processed hours already contains those between its months. */
function holdsStrays<F extends ListedFile>(month: Month, own: Best<F>, other: Best<F>): boolean {
  if (other.chosen.kind === 'hourly') return !other.covers.includes(month);
  return own.chosen.kind === 'archive' || !own.covers.includes(other.chosen.month);
}
