import type { CategoryColumn } from '../duckdb/table-file.ts';

/** Categories by number, so that a row costs four bytes and is counted without looking at its text. */
export class CodedColumn implements CategoryColumn {
  readonly type = 'cat';
  /** One a row: a place in `categories`, or −1 where missing. */
  readonly codes: Int32Array;
  /** Distinct, in the order in which they were met. */
  readonly categories: readonly (string | number)[];
  #values: (string | number | null)[] | undefined;

  constructor(codes: Int32Array, categories: readonly (string | number)[]) {
    this.codes = codes;
    this.categories = categories;
  }

  /** Made when it is first asked for. */
  get values(): readonly (string | number | null)[] {
    return (this.#values ??= Array.from(this.codes, (code) => this.categories[code] ?? null));
  }
}
