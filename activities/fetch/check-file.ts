/** Checks a downloaded file before other code reads it. */
import { open, stat } from 'node:fs/promises';
import type { SourceFile } from '../../contracts/activities/fetch.ts';
import { showValue } from '../../contracts/show-value.ts';
import { badArchive } from '../../adapters/sources/bad-archive.ts';
import { checkZip } from '../../adapters/sources/zip-reader.ts';
import { compareWithList } from '../../core/ingest/published-list.ts';

const ZIP_MAGIC = 'PK\u0003\u0004';
const GZIP_MAGIC = '\u001f\u008b';
const PARQUET_MAGIC = 'PAR1';

/** Represents MD5 digests as lower-case hex. */
export interface Digests {
  /** Digest of the received bytes. */
  readonly md5: string;
  /** Digest in the source's ETag. Null if the ETag is no MD5. */
  readonly expectedMd5: string | null;
}

/** Checks content, size and digest. @throws CitibikeError BAD_ARCHIVE for HTML, empty, truncated, damaged or other files. */
export async function checkFile(file: SourceFile, local: string, digests?: Digests): Promise<void> {
  const { size } = await stat(local);
  const place = { file: file.name };
  const head = await textAt(local, 0, 512);
  if (size === 0) throw badArchive(place, `empty: 0 bytes from ${file.url}`);
  if (/^\s*<(!doctype|html|\?xml|head|body|error)/i.test(head)) {
    throw badArchive(
      { ...place, line: 1 },
      `an HTML or XML page instead of ${file.kind === 'archive' ? 'a trip archive' : 'a parquet file'}: ` +
        `${showValue(head.trim().slice(0, 60))}. Open ${file.url} to see the page.`,
    );
  }
  if (file.bytes !== null && size !== file.bytes) {
    throw badArchive(
      place,
      size < file.bytes
        ? `truncated: the source announced ${file.bytes} bytes, ${size} arrived. Start again. If it fails again, the file at the source is broken.`
        : `longer than announced: the source announced ${file.bytes} bytes, at least ${size} arrived. ` +
            'Start again. If it fails again, the source announces a wrong size.',
    );
  }
  if (digests) checkDigests(file, size, digests);
  if (file.kind === 'hourly') {
    const tail = await textAt(local, Math.max(0, size - 4), 4);
    if (!head.startsWith(PARQUET_MAGIC) || tail !== PARQUET_MAGIC)
      throw badArchive(place, 'not a complete parquet file: expected PAR1 at its beginning and end');
    return;
  }
  // Reading detects a CSV that is cut or damaged, with or without gzip.
  if (/\.csv$/i.test(file.name)) return;
  if (/\.gz$/i.test(file.name)) {
    if (!head.startsWith(GZIP_MAGIC))
      throw badArchive(place, `not a gzip file: it begins with ${showValue(head.slice(0, 16))}`);
    return;
  }
  if (!head.startsWith(ZIP_MAGIC))
    throw badArchive(place, `not a zip archive: it begins with ${showValue(head.slice(0, 16))}`);
  await checkZip(local, file.name);
}

function checkDigests(file: SourceFile, bytes: number, { md5, expectedMd5 }: Digests): void {
  if (expectedMd5 !== null && md5 !== expectedMd5) {
    throw badArchive(
      { file: file.name },
      `damaged: the source's ETag is MD5 ${expectedMd5}, ${md5} arrived. Start again. If it fails again, the file at the source is broken.`,
    );
  }
  if (compareWithList(file.published, { md5, bytes }) === 'damaged') {
    throw badArchive(
      { file: file.name },
      `damaged: the source's list of MD5s gives ${file.published?.md5} for its ${bytes} bytes, ${md5} arrived. ` +
        'Ask the publisher to correct the file or the list.',
    );
  }
}

async function textAt(file: string, position: number, length: number): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
