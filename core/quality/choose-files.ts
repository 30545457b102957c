/** Which files of a source make a month: its own, and the neighbours in which a few of its rides lie. */
import type { System } from '../../contracts/inputs.ts';
import { addMonths, type Month } from '../../contracts/months.ts';
import { parseTripFileName, type TripFileName } from './source-names.ts';

export interface ListedFile {
  readonly name: string;
  /** Epoch milliseconds of the file's last change; null when the source does not say. */
  readonly modified: number | null;
}

export interface MonthFiles<F extends ListedFile> {
  readonly month: Month;
  readonly files: readonly F[];
  readonly neighbours: readonly F[];
  /** The next month's file is there: no ride of this month is still to come. */
  readonly complete: boolean;
}

export interface FileChoice<F extends ListedFile> {
  readonly months: readonly MonthFiles<F>[];
  readonly missing: readonly Month[];
  /** Missing months that lie inside a year archive, by that archive's name. */
  readonly insideYearArchive: ReadonlyMap<Month, string>;
}

/** Of a month published under two names the newest counts, never both; an archive before a file of processed hours. */
export function chooseFiles<F extends ListedFile>(
  system: System,
  months: readonly Month[],
  listed: readonly F[],
): FileChoice<F> {
  const candidates = listed
    .map((file) => ({ file, name: parseTripFileName(file.name) }))
    .filter((each): each is Named<F> => each.name?.system === system);
  const ownOf = (month: Month) => bestOf(candidates, month);
  const missing = months.filter((month) => !ownOf(month));
  const insideYearArchive = new Map<Month, string>();
  for (const month of missing) {
    const year = candidates.find(({ name }) => name.kind === 'year-archive' && name.months.includes(month));
    if (year) insideYearArchive.set(month, year.file.name);
  }
  return {
    months: months.flatMap((month) => {
      const own = ownOf(month);
      if (!own) return [];
      const next = ownOf(addMonths(month, 1));
      const neighbours = [ownOf(addMonths(month, -1)), next].filter(
        (other): other is Named<F> => other !== undefined && holdsStrays(month, own, other),
      );
      return [
        {
          month,
          files: [own.file],
          neighbours: [...new Set(neighbours.map(({ file }) => file))],
          complete: next !== undefined,
        },
      ];
    }),
    missing,
    insideYearArchive,
  };
}

interface Named<F> {
  readonly file: F;
  readonly name: TripFileName;
}

function bestOf<F extends ListedFile>(candidates: readonly Named<F>[], month: Month): Named<F> | undefined {
  const usable = candidates.filter(({ name }) => name.kind !== 'year-archive' && name.months.includes(month));
  const archives = usable.filter(({ name }) => name.kind === 'archive');
  return (archives.length > 0 ? archives : usable).toSorted(newestFirst)[0];
}

/** By time; where the source gives none or the same, by name, so that the choice never depends on the listing's order. */
function newestFirst<F extends ListedFile>(a: Named<F>, b: Named<F>): number {
  const byTime = (b.file.modified ?? 0) - (a.file.modified ?? 0);
  if (byTime !== 0) return byTime;
  return a.file.name < b.file.name ? -1 : 1;
}

/** A file of processed hours already holds what strayed between the months it covers: counting that again would be twice. */
function holdsStrays<F>(month: Month, own: Named<F>, other: Named<F>): boolean {
  if (other.file === own.file) return false;
  if (other.name.kind === 'hourly') return !other.name.months.includes(month);
  return own.name.kind === 'archive' || !other.name.months.some((each) => own.name.months.includes(each));
}
