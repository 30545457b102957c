import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';

/** Valid bucket names. They exclude ARNs, which would name a bucket of another region or account. */
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * Parses an s3:// address.
 * @throws CitibikeError INVALID_INPUT also for a key with `.` or `..` segments: servers that store keys in
 *   folders may follow them.
 */
export function parseS3Uri(uri: string): { bucket: string; key: string } {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(uri) ?? [];
  const climbs = key.split('/').some((part) => part === '.' || part === '..');
  if (BUCKET.test(bucket) && !climbs && !key.includes('\0')) return { bucket, key };
  throw new CitibikeError(
    'INVALID_INPUT',
    `expected an address s3://bucket/key without . and .. in the key, got ${showValue(uri)}`,
  );
}
