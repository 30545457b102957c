/** A publisher's list of its files beside them, lines of `md5 size name`: what a file there should be. */
import type { PublishedFile } from '../../contracts/activities/fetch.ts';

/** Name to look for where a source cannot be listed. */
export const PUBLISHED_LIST_NAME = 'official-md5-size.txt';

/** Any text file that calls itself a list of MD5s. */
export function isPublishedList(name: string): boolean {
  return /(^|[-_.])md5.*\.txt$/i.test(name);
}

/** By name. Lines of another form are passed over: headings, comments. */
export function parsePublishedList(text: string): Map<string, PublishedFile> {
  const files = new Map<string, PublishedFile>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^([0-9a-f]{32})\s+(\d+)\s+(\S.*?)\s*$/i.exec(line);
    if (match) files.set(match[3]!, { md5: match[1]!.toLowerCase(), bytes: Number(match[2]) });
  }
  return files;
}

/**
 * What a list says about a file that came. Publishers replace archives without touching the list, and of a file of another size it
 * tells nothing; one of the listed size with other content is damaged.
 */
export function compareWithList(
  listed: PublishedFile | undefined,
  file: PublishedFile,
): 'not listed' | 'as listed' | 'republished' | 'damaged' {
  if (!listed) return 'not listed';
  if (listed.bytes !== file.bytes) return 'republished';
  return listed.md5 === file.md5 ? 'as listed' : 'damaged';
}
