/** Emulates what the commands of this project need of a terminal: lines that are rewritten in place. */

/** Matches a control sequence: parameters, then the letter that says what it does. */
const SEQUENCE = new RegExp(`^${String.fromCharCode(27)}\\[([\\d;?]*)([A-Za-z])`);

export class TerminalScreen {
  readonly #lines: string[][] = [[]];
  #row = 0;
  #column = 0;

  /** Writes what a program printed. A sequence must not be split between two calls. */
  write(text: string): void {
    for (let rest = text; rest !== '';) {
      const sequence = SEQUENCE.exec(rest);
      if (sequence) {
        this.#control(sequence[2]!, Number(sequence[1]?.replace('?', '') || Number.NaN));
        rest = rest.slice(sequence[0].length);
        continue;
      }
      const [character = ''] = rest;
      this.#put(character);
      rest = rest.slice(character.length);
    }
  }

  /** Returns all lines so far, without trailing blanks. */
  lines(): string[] {
    return this.#lines.map((line) =>
      Array.from(line, (character) => character ?? ' ')
        .join('')
        .trimEnd(),
    );
  }

  #put(character: string): void {
    if (character === '\n') this.#moveTo(this.#row + 1, this.#column);
    else if (character === '\r') this.#column = 0;
    else if (character >= ' ') {
      this.#lines[this.#row]![this.#column] = character;
      this.#column += 1;
    }
  }

  #control(letter: string, given: number): void {
    const count = Number.isNaN(given) ? 1 : given;
    if (letter === 'A') this.#moveTo(Math.max(0, this.#row - count), this.#column);
    else if (letter === 'B') this.#moveTo(this.#row + count, this.#column);
    else if (letter === 'G') this.#column = count - 1;
    else if (letter === 'K') this.#lines[this.#row]!.length = this.#column;
    else if (letter === 'J') {
      this.#lines.length = this.#row + 1;
      this.#lines[this.#row]!.length = this.#column;
    }
    // Others, such as colours, do not move text.
  }

  #moveTo(row: number, column: number): void {
    while (this.#lines.length <= row) this.#lines.push([]);
    this.#row = row;
    this.#column = column;
  }
}
