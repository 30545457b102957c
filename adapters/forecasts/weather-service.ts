/** Reads JSON of a weather service. Its messages name the host alone, because a path holds a place, and a query may hold a key. */
import { CitibikeError, type ErrorCode } from '../../contracts/errors.ts';
import type { AllowedSource } from '../sources/allow-list.ts';
import { getText, type TextOptions } from '../sources/http-source.ts';

/** Limits the bytes of an answer. The 66 layers of a grid answer take 0.2 MB. */
export const MOST_BYTES = 8 * 2 ** 20;

const FAILURES: Readonly<Partial<Record<ErrorCode, string>>> = {
  SOURCE_UNAVAILABLE: 'could not be reached',
  SOURCE_NOT_ALLOWED: 'names another address, which SOURCE_ALLOW does not allow',
  UPSTREAM_REFUSED: 'redirects in a way that cannot be followed',
  BAD_ARCHIVE: `answers with more than ${MOST_BYTES} bytes, expected a forecast`,
};

/** @throws CitibikeError with the code of the failure, its HTTP status and the pause that the service asked for. */
export async function getFromService(source: AllowedSource, options: TextOptions): Promise<string> {
  return withPlainErrors(source, () => getText(source, { ...options, mostBytes: MOST_BYTES }));
}

/** Replaces errors that name an address. Those of a cancelled request pass unchanged. */
export async function withPlainErrors<T>(source: AllowedSource, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CitibikeError)) throw error;
    const { status, retryAfterMs } = error.details;
    const failure =
      typeof status === 'number'
        ? `answered HTTP ${status}`
        : (FAILURES[error.code] ?? 'did not answer with a forecast');
    throw new CitibikeError(
      error.code,
      `the weather service at ${new URL(source.url).host} ${failure}. Check WEATHER_FORECASTS if this does not pass`,
      {
        ...(status === undefined ? {} : { status }),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      },
    );
  }
}
