/**
 * Bounds what `JSON.parse` is given. One pass over the raw bytes, chunk by chunk as they arrive, counts what a text would become; it
 * judges nothing else. Up to the first syntax error it reads tokens as `JSON.parse` does, and behind that error `JSON.parse` does no work.
 */

export interface JsonLimits {
  /** Objects and lists inside each other. */
  readonly depth: number;
  /** Rows, which are the elements of lists directly inside the outermost object, all such lists together. */
  readonly rows: number;
  /** Values inside one row at any depth, and values outside of rows. */
  readonly values: number;
  /** Bytes of a string, a key or a number as it is written, and of the space between two. */
  readonly textBytes: number;
}

/** Where a text passes which limit. */
export interface BrokenLimit {
  readonly limit: keyof JsonLimits;
  /** Byte from 0, at the end of the token that is too much. */
  readonly offset: number;
  /** Index of the row from 0, undefined outside of rows. */
  readonly row: number | undefined;
}

/** A list with at least one row. */
export interface RowList {
  /** Bytes between the brackets: the first, and the one behind the last. */
  readonly start: number;
  end: number;
  /** Offsets of commas between rows, at least `SLICE_BYTES` from each other. */
  readonly cuts: number[];
}

/** A slice takes `JSON.parse` less than a millisecond. */
const SLICE_BYTES = 64 * 1024;

/** What a byte is outside of strings; up to OPEN it begins a value or a key. Bytes above ASCII are spaces: a byte order mark is allowed, others are syntax errors. */
const [TEXT, STRING, OPEN, COLON, COMMA, CLOSE, SPACE] = [0, 1, 2, 3, 4, 5, 6] as const;
const [QUOTE, BACKSLASH, BRACE, BRACKET] = [0x22, 0x5c, 0x7b, 0x5b] as const;
const KINDS = new Uint8Array(256).fill(SPACE, 128);
for (const [characters, kind] of [
  [' \t\r\n', SPACE],
  ['"', STRING],
  ['{[', OPEN],
  ['}]', CLOSE],
  [',', COMMA],
  [':', COLON],
] as const)
  for (const character of characters) KINDS[character.charCodeAt(0)] = kind;

export class JsonScan {
  /** In the order of the text. */
  readonly rowLists: RowList[] = [];
  readonly #limits: JsonLimits;
  /** Offset of the first byte of the next chunk. */
  #offset = 0;
  #depth = 0;
  #outermostIsObject = false;
  #isInRows = false;
  #rows = 0;
  #valuesInRow = 0;
  #valuesOutside = 0;
  /** Kind of the token that the last chunk ended in: TEXT, STRING, or SPACE between tokens. */
  #token: number = SPACE;
  #isEscaped = false;
  /** Bytes of the token so far. */
  #textBytes = 0;
  #spaces = 0;
  #list: RowList | undefined;
  #rowsBefore = 0;
  #nextCut = 0;

  constructor(limits: JsonLimits) {
    this.#limits = limits;
  }

  /**
   * Reads on. Counters are local variables here: as fields they cost half the speed.
   * @returns the first limit that the text passes; nothing may be pushed after that.
   */
  push(bytes: Uint8Array): BrokenLimit | undefined {
    const { depth: maxDepth, rows: maxRows, values: maxValues, textBytes: maxText } = this.#limits;
    const { length } = bytes;
    let i = 0;
    if (this.#token !== SPACE) {
      i = this.#continueToken(bytes);
      if (this.#textBytes > maxText) return this.#broken('textBytes', i, this.#isInRows, this.#rows);
    }
    let [depth, isInRows, rows] = [this.#depth, this.#isInRows, this.#rows];
    let [inRow, outside] = [this.#valuesInRow, this.#valuesOutside];
    let spaces = this.#spaces;
    let nextCut = this.#nextCut - this.#offset;
    while (i < length) {
      const byte = bytes[i]!;
      const kind = KINDS[byte]!;
      i++;
      if (kind >= COLON) {
        if (kind === SPACE) {
          if (++spaces > maxText) return this.#broken('textBytes', i, isInRows, rows);
          continue;
        }
        spaces = 0;
        if (kind === COLON) {
          // The string before it was a key.
          if (isInRows) inRow--;
          else outside--;
        } else if (kind === CLOSE) {
          if (depth-- === 2 && isInRows) {
            isInRows = false;
            this.#endRows(this.#offset + i - 1, rows);
          }
        } else if (i > nextCut && depth === 2 && isInRows) {
          this.#cutAt(this.#offset + i - 1);
          nextCut = this.#nextCut - this.#offset;
        }
        continue;
      }
      spaces = 0;
      if (!isInRows) {
        if (depth > 0 && ++outside > maxValues) return this.#broken('values', i, isInRows, rows);
      } else if (depth > 2) {
        if (++inRow > maxValues) return this.#broken('values', i, isInRows, rows);
      } else {
        inRow = 0;
        if (++rows > maxRows) return this.#broken('rows', i, isInRows, rows);
      }
      if (kind === OPEN) {
        if (++depth > maxDepth) return this.#broken('depth', i, isInRows, rows);
        if (depth === 1) this.#outermostIsObject = byte === BRACE;
        else if (depth === 2 && byte === BRACKET && this.#outermostIsObject) {
          isInRows = true;
          this.#beginRows(this.#offset + i, rows);
          nextCut = this.#nextCut - this.#offset;
        }
        continue;
      }
      const from = i;
      let textBytes: number;
      if (kind === STRING) {
        let letter: number | undefined;
        while (i < length && (letter = bytes[i]) !== QUOTE) i += letter === BACKSLASH ? 2 : 1;
        textBytes = i - from;
        if (i < length) i++;
        else {
          this.#isEscaped = i > length;
          this.#textBytes = textBytes = length - from;
          this.#token = STRING;
          i = length;
        }
      } else {
        while (i < length && KINDS[bytes[i]!] === TEXT) i++;
        textBytes = i - from + 1;
        if (i === length) {
          this.#textBytes = textBytes;
          this.#token = TEXT;
        }
      }
      if (textBytes > maxText) return this.#broken('textBytes', i, isInRows, rows);
    }
    this.#offset += length;
    this.#spaces = spaces;
    [this.#depth, this.#isInRows, this.#rows] = [depth, isInRows, rows];
    [this.#valuesInRow, this.#valuesOutside] = [inRow, outside];
    return undefined;
  }

  /** @returns the index behind the rest of the token that the chunk before ended in. */
  #continueToken(bytes: Uint8Array): number {
    const { length } = bytes;
    let i = 0;
    if (this.#token === TEXT) {
      while (i < length && KINDS[bytes[i]!] === TEXT) i++;
      if (i < length) this.#token = SPACE;
      this.#textBytes += i;
      return i;
    }
    if (this.#isEscaped && length > 0) i = 1;
    this.#isEscaped &&= length === 0;
    while (i < length && bytes[i] !== QUOTE) i += bytes[i] === BACKSLASH ? 2 : 1;
    this.#isEscaped ||= i > length;
    this.#textBytes += Math.min(i, length);
    if (i >= length) return length;
    this.#token = SPACE;
    return i + 1;
  }

  #beginRows(at: number, rows: number): void {
    this.#rowsBefore = rows;
    this.#list = { start: at, end: at, cuts: [] };
    this.#nextCut = at + SLICE_BYTES;
  }

  #cutAt(comma: number): void {
    this.#list?.cuts.push(comma);
    this.#nextCut = comma + SLICE_BYTES;
  }

  #endRows(at: number, rows: number): void {
    if (!this.#list || rows === this.#rowsBefore) return;
    this.#list.end = at;
    this.rowLists.push(this.#list);
  }

  #broken(limit: keyof JsonLimits, at: number, isInRows: boolean, rows: number): BrokenLimit {
    return { limit, offset: this.#offset + at - 1, row: isInRows ? Math.max(0, rows - 1) : undefined };
  }
}
