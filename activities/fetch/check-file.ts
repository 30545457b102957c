/** Whether a downloaded file is what its name says, before anything else sees it. */
import { open, stat } from 'node:fs/promises';
import type { SourceFile } from '../../contracts/stages.ts';
import { badArchive } from '../../adapters/sources/bad-archive.ts';
import { checkZip } from '../../adapters/sources/zip-reader.ts';

const ZIP_MAGIC = 'PK\u0003\u0004';
const PARQUET_MAGIC = 'PAR1';

/** @throws CitibikeError BAD_ARCHIVE: HTML, truncated, empty, or no archive at all. */
export async function checkFile(file: SourceFile, local: string): Promise<void> {
  const { size } = await stat(local);
  const place = { file: file.name };
  const head = await textAt(local, 0, 512);
  if (size === 0) throw badArchive(place, `empty: 0 bytes from ${file.url}`);
  if (/^\s*<(!doctype|html|\?xml|head|body|error)/i.test(head)) {
    throw badArchive(
      { ...place, line: 1 },
      `an HTML or XML page instead of ${file.kind === 'archive' ? 'a zip archive' : 'a parquet file'}: ` +
        `${JSON.stringify(head.trim().slice(0, 60))}. Open ${file.url} to see what the source says.`,
    );
  }
  if (file.bytes !== null && size !== file.bytes) {
    throw badArchive(
      place,
      `${size < file.bytes ? 'truncated' : 'longer than announced'}: the source says ${file.bytes} bytes, ${size} arrived. ` +
        'Start again; if it stays, the source holds a broken file.',
    );
  }
  if (file.kind === 'hourly') {
    const tail = await textAt(local, Math.max(0, size - 4), 4);
    if (!head.startsWith(PARQUET_MAGIC) || tail !== PARQUET_MAGIC)
      throw badArchive(place, 'not a whole parquet file (it neither begins nor ends as one must)');
    return;
  }
  if (!head.startsWith(ZIP_MAGIC))
    throw badArchive(place, `not a zip archive: it begins with ${JSON.stringify(head.slice(0, 16))}`);
  await checkZip(local, file.name);
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
