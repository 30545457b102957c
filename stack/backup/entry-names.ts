/** Names the entries of a backup that are not files of the instance, and checks the names of all others. */

/** Names the first entry, which has facts about the backup. */
export const FACTS_NAME = 'backup.json';
/** Lists the extended attributes of files, which carry the metadata of S3 objects. */
export const ATTRIBUTES_NAME = 'attributes.jsonl';
/** Names the last entry: digests of all other files, in the form that `sha256sum --check` reads. */
export const DIGESTS_NAME = 'SHA256SUMS';

const LONGEST_NAME = 4_000;

/** Checks that a name stays below its folder on every platform: no empty, `.` or `..` segment, no backslash, no control character. */
export function isSafeName(name: string): boolean {
  if (name.length > LONGEST_NAME || /[\\\p{Cc}]/u.test(name)) return false;
  return name.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..');
}
