/** Records which files contain an hour, to detect trips that would count twice. */
import { realpathSync } from 'node:fs';
import { CitibikeError } from '../../contracts/errors.ts';
import { localPath } from './table-file.ts';

/** Represents a file and its name in messages. */
export interface NamedFile {
  readonly name: string;
  readonly file: string;
}

/** Represents an hour that several rows contain. */
export interface RepeatedHour {
  /** `2025-01-15T08` */
  readonly key: string;
  /** Names of the files with the hour; one name if a single file repeats it. */
  readonly files: readonly string[];
}

/** Limits the number of hours that two files may share, because of strays around midnight at the end of a month. */
const MOST_SHARED = 3;

/** Formats an hour as a key that sorts by time: `2025-01-15T08`. */
export const hourKey = (date: string, hour: number): string => `${date}T${String(hour).padStart(2, '0')}`;

export class HourOrigins {
  /** Indexes into `#names` per hour, one per row. */
  readonly #rows = new Map<string, number[]>();
  readonly #names: readonly string[];

  /** @throws CitibikeError INVALID_INPUT if a file is given twice. */
  constructor(files: readonly NamedFile[]) {
    this.#names = files.map(({ name }) => name);
    const paths = files.map(({ file }) => realPath(file));
    const twice = paths.findIndex((each, place) => paths.indexOf(each) < place);
    if (twice < 0) return;
    throw new CitibikeError(
      'INVALID_INPUT',
      `${this.#names[twice]} is given twice, so its trips would count twice: give each file once`,
    );
  }

  /** Adds a row. @param place index of the file among the given ones. */
  add(key: string, place: number): void {
    const rows = this.#rows.get(key);
    if (rows) rows.push(place);
    else this.#rows.set(key, [place]);
  }

  /**
   * Returns the hours with several rows, in order.
   * @throws CitibikeError BAD_ARCHIVE if two files share more hours than strays explain.
   */
  repeated(): RepeatedHour[] {
    const repeated = [...this.#rows]
      .filter(([, rows]) => rows.length > 1)
      .map(([key, rows]) => ({ key, places: [...new Set(rows)].sort((a, b) => a - b) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const shared = Map.groupBy(
      repeated.filter(({ places }) => places.length > 1),
      ({ places }) => places.join(' '),
    );
    for (const hours of shared.values()) if (hours.length > MOST_SHARED) throw this.#overlap(hours);
    return repeated.map(({ key, places }) => ({ key, files: places.map((place) => this.#names[place]!) }));
  }

  #overlap(hours: readonly { readonly key: string; readonly places: readonly number[] }[]): CitibikeError {
    const names = hours[0]!.places.map((place) => this.#names[place]);
    const shown = hours.slice(0, MOST_SHARED).map(({ key }) => key);
    return new CitibikeError(
      'BAD_ARCHIVE',
      `${names.join(' and ')} share ${hours.length} hours: ${shown.join(', ')} and ${hours.length - MOST_SHARED} more; ` +
        'their trips would count twice, expected each hour in one file',
      { files: names },
    );
  }
}

function realPath(file: string): string {
  const path = localPath(file);
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
