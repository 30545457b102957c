/** Reads a column with few distinct texts, each of which means yes, no or neither, such as the type of rider or bike. */
import { TextTable } from './text-table.ts';

export const YES = 1;
export const NO = 0;
export const NEITHER = -1;
/** Returned when the values cannot be categories, so the columns differ from what the header says. */
export const TOO_MANY = -2;

/** Published category columns have fewer than ten values. */
const MOST_CATEGORIES = 100;

export class CategoryColumn {
  readonly #meanings: ReadonlyMap<string, boolean>;
  readonly #texts = new TextTable();
  /** Counts by the number of the text. */
  readonly #counts = new Uint32Array(MOST_CATEGORIES);
  readonly #answers = new Int8Array(MOST_CATEGORIES);
  /** Maps a first byte to the latest text that begins with it, which is nearly always the next one too. */
  readonly #likely = new Uint8Array(256);
  readonly #most: number;
  #size = 0;

  /**
   * @param meanings meaning of each text, in lower case.
   * @param limitShare permitted share of the largest number of texts.
   */
  constructor(meanings: Readonly<Record<string, boolean>>, limitShare = 1) {
    this.#meanings = new Map(Object.entries(meanings));
    this.#most = MOST_CATEGORIES * limitShare;
  }

  /** Counts the text. @returns YES, NO, NEITHER or TOO_MANY. */
  add(bytes: Uint8Array, from: number, to: number): number {
    const first = bytes[from]!;
    const likely = this.#likely[first]!;
    const text = this.#texts.is(likely, bytes, from, to) ? likely : this.#texts.intern(bytes, from, to);
    this.#likely[first] = text;
    if (text === this.#size) {
      if (text === this.#most) return TOO_MANY;
      this.#size++;
      this.#answers[text] = answer(this.#meanings.get(this.#texts.text(text).toLowerCase()));
    }
    this.#counts[text]!++;
    return this.#answers[text]!;
  }

  counts(): Record<string, number> {
    const sums = new Map<string, number>();
    // Texts with and without quotes may mean the same.
    for (const [index, text] of this.#texts.texts().entries())
      sums.set(text, (sums.get(text) ?? 0) + this.#counts[index]!);
    return Object.fromEntries(sums);
  }
}

function answer(meaning: boolean | undefined): number {
  return meaning === undefined ? NEITHER : meaning ? YES : NO;
}
