/** Chooses the files of a source for a month: its own, and neighbours that contain some of its rides. */
import { addMonths } from '../../contracts/calendar.ts';
import type { Month } from '../../contracts/months.ts';
import { tripFileNames, type NamingFacts, type TripFileName } from './source-names.ts';

export interface ListedFile {
  readonly name: string;
  /** Last change of the file in epoch milliseconds. Null if the source does not provide it. */
  readonly modified: number | null;
}

/** Represents a listed file and its use. */
export interface ChosenFile<F extends ListedFile> {
  readonly file: F;
  readonly kind: 'archive' | 'hourly';
  /** The month of an archive, or the first month of a file of processed hours. */
  readonly month: Month;
  /** True if the archive contains several months, from which the month is extracted. */
  readonly ofSeveral: boolean;
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
 * Chooses one file per month. If a month has several files, the newest one is used. An archive of fewer months takes precedence, and
 * any archive over a file of processed hours.
 */
export function chooseFiles<F extends ListedFile>(
  facts: NamingFacts,
  months: readonly Month[],
  listed: readonly F[],
): FileChoice<F> {
  const nameIn = tripFileNames(facts);
  const candidates = listed
    .map((file) => ({ file, name: nameIn(file.name) }))
    .filter((each): each is Named<F> => each.name !== undefined);
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

function bestOf<F extends ListedFile>(candidates: readonly Named<F>[], month: Month): Best<F> | undefined {
  const [best] = candidates.filter(({ name }) => name.months.includes(month)).toSorted(byPreference);
  if (!best) return undefined;
  const { file, name } = best;
  return name.kind === 'hourly'
    ? { chosen: { file, kind: 'hourly', month: name.months[0]!, ofSeveral: false }, covers: name.months }
    : { chosen: { file, kind: 'archive', month, ofSeveral: name.months.length > 1 }, covers: [month] };
}

function byPreference<F extends ListedFile>(a: Named<F>, b: Named<F>): number {
  if (a.name.kind !== b.name.kind) return a.name.kind === 'archive' ? -1 : 1;
  const byMonths = a.name.kind === 'archive' ? a.name.months.length - b.name.months.length : 0;
  return byMonths || newestFirst(a, b);
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
