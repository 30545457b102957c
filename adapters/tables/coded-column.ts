/** Stores categories by number, so that a row takes four bytes and can be counted without its text. */
import { numberOf } from '../../contracts/cells.ts';

export class CodedColumn {
  readonly type = 'cat';
  /** Index into `categories` per row; −1 where missing. */
  readonly codes: Int32Array;
  /** Distinct values in order of first appearance. */
  readonly categories: readonly (string | number)[];
  #values: (string | number | null)[] | undefined;

  constructor(codes: Int32Array, categories: readonly (string | number)[]) {
    this.codes = codes;
    this.categories = categories;
  }

  /** Is created on first use. */
  get values(): readonly (string | number | null)[] {
    return (this.#values ??= Array.from(this.codes, (code) => this.categories[code] ?? null));
  }
}

/**
 * Returns the category that a number names: `1` and `1.0` are the same. A whole number that doubles cannot hold exactly stays
 * text, because its neighbours would become the same category. Undefined if the text is not a number.
 */
export function numberName(text: string): string | number | undefined {
  const value = numberOf(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? text : value;
}

/**
 * Builds a column of which several texts may mean the same category, or a missing value.
 * @param codes index into `meanings` per row; overwritten. @param meanings null where missing.
 */
export function mergeCategories(
  codes: Int32Array,
  meanings: readonly (string | number | null)[],
): CodedColumn {
  const known = new Map<string | number, number>();
  const merged = Int32Array.from(meanings, (category) => {
    if (category === null) return -1;
    const code = known.get(category) ?? known.size;
    known.set(category, code);
    return code;
  });
  if (merged.some((code, place) => code !== place))
    for (let row = 0; row < codes.length; row++) codes[row] = merged[codes[row]!]!;
  return new CodedColumn(codes, [...known.keys()]);
}
