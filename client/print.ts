/** The one way to the terminal: names and messages come from servers and files, and may hold what a terminal acts on. */
import { visibleText } from '../contracts/visible-text.ts';

export function print(text: string): void {
  process.stdout.write(visibleText(text));
}

/** For notes and errors, beside the output. */
export function printNote(text: string): void {
  process.stderr.write(visibleText(text));
}
