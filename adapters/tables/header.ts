/** Column names of a file that people provide. */
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';

/** Index columns that pandas writes: `to_csv` without a name, the same read and written again, and `to_parquet`. */
const PANDAS_INDEX = /^(|Unnamed: \d+(\.\d+)*|__index_level_\d+__)$/;

/** Checks whether a column only numbers the rows. A nameless column is an index in the first place only. */
export function isIndexColumn(name: string, place: number): boolean {
  return PANDAS_INDEX.test(name) && (name !== '' || place === 0);
}

/** Reason for messages. */
export const INDEX_REASON = 'an index that pandas wrote';

/** The line that tells Excel the delimiter; split at it, it has an empty field behind. */
const EXCEL_DELIMITER = /^sep=.?$/i;

/**
 * @param place of the header in messages, such as `t.csv, line 1`.
 * @throws CitibikeError INVALID_INPUT for a line of Excel, for empty names and for names that differ in case at most,
 *   with counts.
 */
export function checkHeader(place: string, names: readonly string[]): void {
  if (EXCEL_DELIMITER.test(names[0] ?? '') && names.slice(1).join('') === '') {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${place}: got ${showValue(names[0])}, a line for Excel alone, expected the column names: remove the line`,
    );
  }
  const nameless = names.flatMap((name, i) => (name.trim() === '' && i > 0 ? [i + 1] : []));
  if (nameless.length > 0) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${place}: ${nameless.length} of ${names.length} columns have no name (column ${listed(nameless.map(String))}): name or remove them`,
    );
  }
  const counts = Map.groupBy(names, (name) => name.toLowerCase());
  const doubled = [...counts.values()].filter((same) => same.length > 1);
  if (doubled.length > 0) {
    const shown = doubled.map(
      (same) => `${[...new Set(same)].map((name) => showValue(name)).join(' and ')} (${same.length} times)`,
    );
    throw new CitibikeError(
      'INVALID_INPUT',
      `${place}: column names must differ, also without regard to case, got ${listed(shown)}: rename or remove the others`,
    );
  }
}

/** Returns the place of a column, in any case and without blanks around its name; −1 where there is none. */
export function placeOf(names: readonly string[], name: string): number {
  const exact = names.indexOf(name);
  const plain = name.toLowerCase();
  return exact >= 0 ? exact : names.findIndex((each) => each.trim().toLowerCase() === plain);
}

/** @throws CitibikeError INVALID_INPUT if a name stands twice, with blanks around it and without. */
export function checkTwice(file: string, names: readonly string[], name: string): void {
  const same = names.filter((each) => each.trim().toLowerCase() === name.toLowerCase());
  if (same.length < 2) return;
  throw new CitibikeError(
    'INVALID_INPUT',
    `${file}: several columns are ${name}, got ${listed(same.map((each) => showValue(each)))}: rename or remove the others`,
  );
}

/** @throws CitibikeError INVALID_INPUT naming the columns that are missing and those that the file has. */
export function requireColumns(file: string, names: readonly string[], required: readonly string[]): void {
  const missing = required.filter((name) => placeOf(names, name) < 0);
  if (missing.length === 0) return;
  throw new CitibikeError(
    'INVALID_INPUT',
    `${file}: column ${missing.join(', ')} is missing; it has ${listed(
      names.map((name) => showValue(name)),
      20,
    )}`,
  );
}

function listed(texts: readonly string[], most = 5): string {
  return texts.length <= most
    ? texts.join(', ')
    : `${texts.slice(0, most).join(', ')} and ${texts.length - most} more`;
}
