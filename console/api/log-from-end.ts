/** Reads a log from its end, entry by entry. An entry is a line that begins with its time, with the lines that continue it. */
import { timeOfLine } from '../../contracts/step-log.ts';

interface Entry {
  readonly time: string;
  readonly lines: string[];
}

export class LogFromEnd {
  readonly #label: string;
  readonly #texts: AsyncGenerator<string, undefined>;
  /** Entries that were read and not taken, oldest first. */
  #entries: Entry[] = [];
  /** Lines that continue an entry of an earlier text. */
  #rest: string[] = [];

  /**
   * @param label name of the log, which each line of its entries begins with.
   * @param texts whole lines, the last text first.
   */
  constructor(label: string, texts: AsyncGenerator<string, undefined>) {
    this.#label = label;
    this.#texts = texts;
  }

  /** Returns the time of the last entry: ISO 8601, UTC; empty for lines before the first time. Call `fill` first. */
  get time(): string {
    return this.#entries.at(-1)!.time;
  }

  /** Reads until there is an entry. Returns false at the start of the log. */
  async fill(): Promise<boolean> {
    while (this.#entries.length === 0) {
      const { value: text } = await this.#texts.next();
      if (text === undefined) {
        if (this.#rest.length > 0) this.#entries = [{ time: '', lines: this.#rest }];
        this.#rest = [];
        return this.#entries.length > 0;
      }
      this.#read(text);
    }
    return true;
  }

  /** Removes the last entry, and returns its lines. Call `fill` first. */
  take(): string {
    return this.#entries
      .pop()!
      .lines.map((line) => `${this.#label} | ${line}\n`)
      .join('');
  }

  #read(text: string): void {
    const before: string[] = [];
    for (const line of text.split('\n').slice(0, -1)) {
      const time = timeOfLine(line);
      if (time === undefined) (this.#entries.at(-1)?.lines ?? before).push(line);
      else this.#entries.push({ time, lines: [line] });
    }
    (this.#entries.at(-1)?.lines ?? before).push(...this.#rest);
    this.#rest = before;
  }
}
