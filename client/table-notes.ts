/** Prints notes on the files that a command read. */
import type { RepeatedHour } from '../adapters/tables/hour-origins.ts';
import { indexColumns } from '../adapters/tables/index-columns.ts';
import { tableFile } from '../adapters/tables/table-file.ts';
import { printNote } from './print.ts';

/** Limits the number of names in a note. */
const MOST_NAMES = 10;
/** Limits the number of hours in a note. */
const MOST_HOURS = 3;

/** Prints which index columns were not read. @param fate completes the sentence, such as `kept in the output`. */
export function noteIndexColumns(file: string, columns: readonly string[], fate = ''): void {
  if (columns.length === 0) return;
  const shown = columns.map((name) => (name === '' ? 'without a name' : name)).join(', ');
  printNote(`note: ${file}: column ${shown} is an index that pandas wrote: not read${fate}\n`);
}

/** Reads the headers of the files, and prints which index columns are left out. */
export async function noteIndexColumnsOf(files: readonly string[]): Promise<void> {
  for (const file of files) noteIndexColumns(file, await indexColumns(tableFile(file)));
}

/** Prints which files were read. */
export function noteFilesRead(files: readonly string[]): void {
  if (files.length === 0) return;
  const more = files.length > MOST_NAMES ? ` and ${files.length - MOST_NAMES} more` : '';
  printNote(
    `read ${files.length} ${files.length === 1 ? 'file' : 'files'}: ${files.slice(0, MOST_NAMES).join(', ')}${more}\n`,
  );
}

/** Prints which hours have several rows: rides around midnight at the end of a month can be in two files. */
export function noteRepeatedHours(repeated: readonly RepeatedHour[]): void {
  for (const [names, hours] of Map.groupBy(repeated, ({ files }) => files.join(' and '))) {
    const shown = hours.slice(0, MOST_HOURS).map(({ key }) => key);
    const more = hours.length > MOST_HOURS ? ` and ${hours.length - MOST_HOURS} more` : '';
    printNote(
      `note: ${names}: several rows for ${hours.length === 1 ? 'the hour' : 'the hours'} ${shown.join(', ')}${more}; the trips are added up\n`,
    );
  }
}
