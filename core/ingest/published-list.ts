/** Parses a publisher's list of its files, with lines of `md5 size name`, and checks files with it. */
import type { PublishedFile } from '../../contracts/activities/fetch.ts';

/** Names the list in a source without a listing. */
export const PUBLISHED_LIST_NAME = 'official-md5-size.txt';

/** Matches any text file named as a list of MD5s. */
export function isPublishedList(name: string): boolean {
  return /(^|[-_.])md5.*\.txt$/i.test(name);
}

/** Returns entries by name. Lines of another form, such as headings and comments, are skipped. */
export function parsePublishedList(text: string): Map<string, PublishedFile> {
  const files = new Map<string, PublishedFile>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^([0-9a-f]{32})\s+(\d+)\s+(\S.*?)\s*$/i.exec(line);
    if (match) files.set(match[3]!, { md5: match[1]!.toLowerCase(), bytes: Number(match[2]) });
  }
  return files;
}

/**
 * Checks a downloaded file with the list. Publishers replace archives without an update of the list, so another size means that the
 * file was republished. A file of the listed size with other content is damaged.
 */
export function compareWithList(
  listed: PublishedFile | undefined,
  file: PublishedFile,
): 'not listed' | 'as listed' | 'republished' | 'damaged' {
  if (!listed) return 'not listed';
  if (listed.bytes !== file.bytes) return 'republished';
  return listed.md5 === file.md5 ? 'as listed' : 'damaged';
}
