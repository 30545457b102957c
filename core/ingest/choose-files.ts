/** Which files of a source make a month: its own, and the neighbours in which a few of its rides lie. */
import { addMonths } from '../../contracts/calendar.ts';
import type { Month } from '../../contracts/months.ts';
import { parseTripFileName, type TripFileName } from './source-names.ts';
import type { System } from '../../contracts/options.ts';

export interface ListedFile {
  readonly name: string;
  /** Epoch milliseconds of the file's last change; null when the source does not say. */
  readonly modified: number | null;
}

/** A listed file, and what it is wanted for. */
export interface ChosenFile<F extends ListedFile> {
  readonly file: F;
  readonly kind: 'archive' | 'hourly';
  /** The month an archive is read for; the first of a file of processed hours, which is read whole. */
  readonly month: Month;
  /** The archive holds a whole year, of which the month is to be taken out. */
  readonly ofYear: boolean;
}

interface MonthFiles<F extends ListedFile> {
  readonly month: Month;
  readonly files: readonly ChosenFile<F>[];
  readonly neighbours: readonly ChosenFile<F>[];
  /** The next month's file is there: no ride of this month is still to come. */
  readonly complete: boolean;
}

export interface FileChoice<F extends ListedFile> {
  readonly months: readonly MonthFiles<F>[];
  readonly missing: readonly Month[];
}

/**
 * Of a month published under two names the newest counts, never both. A month's own archive comes before its part of the year's, and
 * any archive before a file of processed hours.
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
  /** Months that the file is read for when it is read for this one. */
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

/** By time; where the source gives none or the same, by name, so that the choice never depends on the listing's order. */
function newestFirst<F extends ListedFile>(a: Named<F>, b: Named<F>): number {
  const byTime = (b.file.modified ?? 0) - (a.file.modified ?? 0);
  if (byTime !== 0) return byTime;
  return a.file.name < b.file.name ? -1 : 1;
}

/** A file of processed hours already holds what strayed between the months it covers: counting that again would be twice. */
function holdsStrays<F extends ListedFile>(month: Month, own: Best<F>, other: Best<F>): boolean {
  if (other.chosen.kind === 'hourly') return !other.covers.includes(month);
  return own.chosen.kind === 'archive' || !own.covers.includes(other.chosen.month);
}
