import { CitibikeError } from '../contracts/errors.ts';
import type { ForecastResult } from '../contracts/workflows/forecast.ts';

/** @throws CitibikeError if the user named a source of the weather and the forecast had to do without it. */
export function assertSourceRead(
  source: unknown,
  { weatherFailure }: Pick<ForecastResult, 'weatherFailure'>,
): void {
  if (source === undefined || !weatherFailure) return;
  throw new CitibikeError(
    'SOURCE_UNAVAILABLE',
    `the weather forecast of the given source could not be read: ${weatherFailure}`,
  );
}
