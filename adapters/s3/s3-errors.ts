import { S3ServiceException } from '@aws-sdk/client-s3';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';

/** Errors of a multipart upload that another writer aborted, before its end or while its parts were combined. */
export const SWEPT_AWAY: ReadonlySet<string> = new Set(['NoSuchUpload', 'InvalidPart']);

export function isMissing(error: unknown): boolean {
  return error instanceof S3ServiceException && (error.name === 'NotFound' || error.name === 'NoSuchKey');
}

/** Maps an error of S3 to the catalogue. @param what the failed operation, as an infinitive. */
export function asCatalogueError(error: unknown, what: string): Error {
  if (error instanceof CitibikeError) return error;
  const cause = { cause: error };
  if (!(error instanceof S3ServiceException)) {
    return new CitibikeError('UPSTREAM_UNAVAILABLE', `S3 could not ${what}: ${messageOf(error)}`, {}, cause);
  }
  const status = error.$metadata.httpStatusCode ?? 0;
  if (isMissing(error) || error.name === 'NoSuchBucket') {
    return new CitibikeError(
      'SOURCE_NOT_FOUND',
      `S3 could not ${what}: there is no such object or bucket`,
      {},
      cause,
    );
  }
  if (status === 412 || status === 409)
    return new CitibikeError('CONFLICT', `S3 could not ${what}: it changed meanwhile`, {}, cause);
  if (status === 401 || status === 403) {
    return new CitibikeError(
      'UPSTREAM_REFUSED',
      `S3 denied permission to ${what}: ${error.name}. Check AWS_ACCESS_KEY_ID and its policy.`,
      {},
      cause,
    );
  }
  // If another writer aborted a multipart upload, the next attempt starts a new one.
  const passes = status === 429 || SWEPT_AWAY.has(error.name);
  const code = status >= 400 && status < 500 && !passes ? 'UPSTREAM_REFUSED' : 'UPSTREAM_UNAVAILABLE';
  return new CitibikeError(code, `S3 could not ${what}: ${error.name}: ${messageOf(error)}`, {}, cause);
}
