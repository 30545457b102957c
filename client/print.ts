/**
 * Escapes all text that goes to the terminal: names and messages from servers and files may contain control
 * characters.
 */
import { visibleText } from '../contracts/visible-text.ts';

/** Ends the process quietly once a reader such as `head` has closed the pipe. Other failures of the output stay errors. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  // The code of a process that SIGPIPE ended, as other commands report it.
  process.exit(141);
}
for (const stream of [process.stdout, process.stderr]) stream.on('error', endWithReader);

export function print(text: string): void {
  process.stdout.write(visibleText(text));
}

/** Prints notes and errors to stderr, apart from the output. */
export function printNote(text: string): void {
  process.stderr.write(visibleText(text));
}
