import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

export interface ZipContent {
  readonly name: string;
  readonly content: Uint8Array;
}

/**
 * Zips small contents. The same contents give the same bytes.
 * @param modified `YYYY-MM-DD`, written as midnight: DOS time has no zone.
 */
export async function zipOf(contents: readonly ZipContent[], modified: string): Promise<Buffer> {
  const zip = new ZipFile();
  const options = zipOptions(modified);
  for (const { name, content } of contents) zip.addBuffer(Buffer.from(content), name, options);
  zip.end();
  return buffer(zip.outputStream);
}

/** Returns yazl's options for an entry modified at midnight of a day. */
export function zipOptions(modified: string) {
  return { mtime: new Date(`${modified}T00:00:00`), forceDosTimestamp: true };
}
