import { CitibikeError } from '../contracts/errors.ts';

/** @throws CitibikeError if the user named a source of the weather and the forecast had to do without it. */
export function assertSourceRead(
  source: unknown,
  { weatherFailure }: { readonly reason: string | null; readonly weatherFailure?: string | null },
): void {
  if (source === undefined || !weatherFailure) return;
  throw new CitibikeError(
    'SOURCE_UNAVAILABLE',
    `the weather forecast of the given source could not be read: ${weatherFailure}`,
  );
}
