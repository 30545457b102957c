import { JC } from '../fixtures/shipped-systems.ts';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SAMPLE_DEFAULTS, writeSampleFolder } from '../../client/write-sample.ts';
import { zipOf } from '../../client/zip-of.ts';
import { addMonths } from '../../contracts/calendar.ts';
import { brokenFiles, type BrokenFile } from './broken-files.ts';
import { renamedEntry } from './renamed-entry.ts';

export interface WriteBrokenSampleOptions {
  /** Folder to write. An earlier sample there is replaced; any other content is rejected. */
  readonly out: string;
  readonly seed?: number;
}

/** Represents one entry of `broken.json`. */
export type BrokenFileNote = Pick<BrokenFile, 'file' | 'fault' | 'month' | 'line'>;

export const BROKEN_INDEX = 'broken.json';

const CENTRAL_HEADER = Buffer.from([0x50, 0x4b, 0x01, 0x02]);
const LOCAL_SIZE_AT = 22;
const CENTRAL_SIZE_AT = 24;
const UNDERSTATED_BYTES = 4_096;

/** Writes one file for each kind of damage that a download can have, and an index of them. */
export async function writeBrokenSample(options: WriteBrokenSampleOptions): Promise<BrokenFileNote[]> {
  const { out, seed = SAMPLE_DEFAULTS.seed } = options;
  return writeSampleFolder(out, JC, { broken: true, seed }, async (folder) => {
    const notes: BrokenFileNote[] = [];
    for (const broken of brokenFiles(seed)) {
      const { file, fault, month, line } = broken;
      await writeFile(path.join(folder, file), await pack(broken));
      notes.push({ file, fault, month, line });
    }
    await writeFile(path.join(folder, BROKEN_INDEX), `${JSON.stringify({ files: notes }, null, 2)}\n`);
    return notes;
  });
}

async function pack({ packing, entries, month }: BrokenFile): Promise<Uint8Array> {
  if (packing === 'no zip') return entries[0]!.content;
  const zip = await zipOf(
    entries.map(({ name, content }) => ({ name: safe(name), content })),
    `${addMonths(month, 1)}-04`,
  );
  if (packing === 'truncated zip') return zip.subarray(0, Math.floor(zip.byteLength / 2));
  // The archive has one entry, so its headers are the first of their kind.
  if (packing === 'zip that understates its sizes') {
    zip.writeUInt32LE(UNDERSTATED_BYTES, LOCAL_SIZE_AT);
    zip.writeUInt32LE(UNDERSTATED_BYTES, zip.lastIndexOf(CENTRAL_HEADER) + CENTRAL_SIZE_AT);
  }
  return entries.reduce((bytes, { name }) => renamedEntry(bytes, safe(name), name), zip);
}

/** Returns a name of the same length that yazl accepts. */
function safe(name: string): string {
  return name.replace(/^\//, '_').replaceAll('..', '__');
}
