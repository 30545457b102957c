/** Records the checksum of installed files, so that a modified file is not run. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { PinnedBinary } from '../versions.ts';
import { readJson, writeJson } from '../json-file.ts';

interface Stamp {
  readonly version: string;
  readonly sha256: string;
}

const stampFile = (file: string): string => `${file}.json`;

export async function writeStamp(file: string, { version }: PinnedBinary): Promise<void> {
  writeJson(stampFile(file), { version, sha256: await sha256Of(file) } satisfies Stamp);
}

/** Checks that the file exists, is the pinned version and is unchanged since its installation. */
export async function matchesStamp(file: string, { version }: PinnedBinary): Promise<boolean> {
  const stamp = readJson<Stamp>(stampFile(file));
  return stamp?.version === version && existsSync(file) && stamp.sha256 === (await sha256Of(file));
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
