/**
 * Holds the log of one running attempt. It hands objects of limited size to `write`, soon after a line was added. The text of the
 * objects only grows, so that a reader can continue at an offset.
 */

/** Sets the characters from which a new object begins, so that a running step writes only a small object again and again. */
const PART_CHARACTERS = 65_536;
/** Limits the number of objects. Beyond them, only the last lines are kept, because start and end matter most. */
const MOST_PARTS = 64;
const KEPT_TAIL = 200;
/** Sets the time in ms from a line to its object. With the reader's polls, a line is shown within 2 s. */
const WRITE_MS = 300;

export class AttemptLog {
  readonly #write: (part: number, text: string) => void;
  #part = 0;
  #text = '';
  #tail: string[] = [];
  #omitted = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(write: (part: number, text: string) => void) {
    this.#write = write;
  }

  add(line: string): void {
    if (this.#part < MOST_PARTS) return this.#append(line);
    this.#tail.push(line);
    if (this.#tail.length <= KEPT_TAIL) return;
    this.#tail.shift();
    this.#omitted += 1;
  }

  /** Hands over what was added since the last object, without waiting for more. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#text !== '') this.#write(this.#part, this.#text);
  }

  end(): void {
    if (this.#omitted > 0) this.#append(`... ${this.#omitted} lines omitted ...`);
    for (const line of this.#tail) this.#append(line);
    this.flush();
  }

  #append(line: string): void {
    this.#text += `${line}\n`;
    if (this.#text.length >= PART_CHARACTERS) {
      this.flush();
      this.#part += 1;
      this.#text = '';
    } else this.#timer ??= setTimeout(() => this.flush(), WRITE_MS).unref();
  }
}
