/**
 * Escapes all text that goes to the terminal: names and messages from servers and files may contain control
 * characters.
 */
import { visibleText } from '../contracts/visible-text.ts';

export function print(text: string): void {
  process.stdout.write(visibleText(text));
}

/** Prints notes and errors to stderr, apart from the output. */
export function printNote(text: string): void {
  process.stderr.write(visibleText(text));
}
