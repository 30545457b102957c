import { CitibikeError } from '../../contracts/errors.ts';

export interface BadArchivePlace {
  /** Published name of the archive. */
  readonly file: string;
  /** File inside the archive. */
  readonly entry?: string;
  /** 1-based line of the entry. */
  readonly line?: number;
}

/** Builds a BAD_ARCHIVE error with the file, the entry, the line and the reason. */
export function badArchive(place: BadArchivePlace, reason: string, cause?: unknown): CitibikeError {
  const where = [
    place.file,
    ...(place.entry && place.entry !== place.file ? [place.entry] : []),
    ...(place.line === undefined ? [] : [`line ${place.line}`]),
  ].join(', ');
  return new CitibikeError(
    'BAD_ARCHIVE',
    `${where}: ${reason}`,
    { ...place, reason },
    cause === undefined ? {} : { cause },
  );
}
