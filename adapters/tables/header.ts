/** Checks and finds the column names of a user's file. */
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';

/** Matches index columns of pandas: of `to_csv`, of the same file read and written again, and of `to_parquet`. */
const PANDAS_INDEX = /^(|Unnamed: \d+(\.\d+)*|__index_level_\d+__)$/;

/** Checks whether a column only numbers the rows. A nameless column is an index only if it is the first. */
export function isIndexColumn(name: string, place: number): boolean {
  return PANDAS_INDEX.test(name) && (name !== '' || place === 0);
}

/** Words the reason in messages. */
export const INDEX_REASON = 'an index that pandas wrote';

/** Matches the line that sets Excel's delimiter. Split at the delimiter, it ends in an empty field. */
const EXCEL_DELIMITER = /^sep=.?$/i;

/**
 * Checks a header.
 * @param place position of the header in messages, such as `t.csv, line 1`.
 * @throws CitibikeError INVALID_INPUT for a line of Excel, for empty names and for names that differ only in case, with counts.
 */
export function checkHeader(place: string, names: readonly string[]): void {
  if (EXCEL_DELIMITER.test(names[0] ?? '') && names.slice(1).join('') === '') {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${place}: got ${showValue(names[0])}, a line that only Excel reads, expected the column names: remove the line`,
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

/** Returns the index of a column, ignoring case and blanks around its name; −1 if there is none. */
export function placeOf(names: readonly string[], name: string): number {
  const exact = names.indexOf(name);
  const plain = name.toLowerCase();
  return exact >= 0 ? exact : names.findIndex((each) => each.trim().toLowerCase() === plain);
}

/** Checks for duplicates of a name. @throws CitibikeError INVALID_INPUT if it occurs with and without blanks around it. */
export function checkTwice(file: string, names: readonly string[], name: string): void {
  const same = names.filter((each) => each.trim().toLowerCase() === name.toLowerCase());
  if (same.length < 2) return;
  throw new CitibikeError(
    'INVALID_INPUT',
    `${file}: several columns are ${name}, got ${listed(same.map((each) => showValue(each)))}: rename or remove the others`,
  );
}

/** Checks that columns exist. @throws CitibikeError INVALID_INPUT with the missing columns and those of the file. */
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
