/**
 * Bounds the input of `JSON.parse`. One pass over the raw bytes, chunk by chunk as they arrive, counts what
 * the text would become. It reads tokens as `JSON.parse` does up to the first syntax error, after which
 * `JSON.parse` stops too.
 */

export interface JsonLimits {
  /** Maximum nesting depth of objects and lists. */
  readonly depth: number;
  /** Maximum number of rows: elements of lists directly inside the outermost object, over all such lists. */
  readonly rows: number;
  /** Maximum number of values inside one row at any depth, and of values outside of rows. */
  readonly values: number;
  /** Maximum length in bytes of a string, key or number as written, and of whitespace between two tokens. */
  readonly textBytes: number;
}

/** Represents the limit that a text exceeds, and the position. */
export interface BrokenLimit {
  readonly limit: keyof JsonLimits;
  /** Offset of the byte, from 0, at the end of the token that exceeds the limit. */
  readonly offset: number;
  /** Index of the row from 0; undefined outside of rows. */
  readonly row: number | undefined;
}

/** Represents the list with at least one row. */
export interface RowList {
  /**
   * Offset of the first byte after the opening bracket. The next field holds the offset of the closing
   * bracket.
   */
  readonly start: number;
  end: number;
  /** Offsets of commas between rows, at least `SLICE_BYTES` apart. */
  readonly cuts: number[];
}

/** Sets the bytes per slice; `JSON.parse` takes less than a millisecond for one. */
const SLICE_BYTES = 64 * 1024;

/**
 * Holds the kinds of bytes outside of strings; a kind up to OPEN starts a value or a key. Bytes above ASCII count as spaces: a byte order
 * mark is allowed, and all others are syntax errors.
 */
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
  /** Lists of rows in the order of the text. */
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
  /** Length in bytes of the current token so far. */
  #textBytes = 0;
  #spaces = 0;
  #list: RowList | undefined;
  #rowsBefore = 0;
  #nextCut = 0;

  constructor(limits: JsonLimits) {
    this.#limits = limits;
  }

  /**
   * Reads the next chunk. Counters are local variables because fields would halve the speed.
   * @returns the first limit that the text exceeds; the caller must not push more chunks after that.
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
          // The string before the colon was a key.
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

  /** Returns the index after the rest of the token that the previous chunk ended in. */
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
