/** Categories by number, so that a row costs four bytes and is counted without looking at its text. */
export class CodedColumn {
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

/**
 * A column from places in `found`, in which several may say one category, or that none is there.
 * @param places one a row; they are overwritten. @param found what each place says, null where missing.
 */
export function mergeCategories(places: Int32Array, found: readonly (string | number | null)[]): CodedColumn {
  const known = new Map<string | number, number>();
  const codeOf = Int32Array.from(found, (category) => {
    if (category === null) return -1;
    const code = known.get(category) ?? known.size;
    known.set(category, code);
    return code;
  });
  if (codeOf.some((code, place) => code !== place))
    for (let row = 0; row < places.length; row++) places[row] = codeOf[places[row]!]!;
  return new CodedColumn(places, [...known.keys()]);
}
