/** Inputs of the benches made by `citibike sample`, kept between runs. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeLargeSample, type WriteLargeSampleOptions } from '../../../client/write-large-sample.ts';

const SAMPLE_CODE = path.join(import.meta.dirname, '..', '..', '..', 'core', 'sample');

/** A change of what makes the sample makes it anew. */
function codeDigest(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(SAMPLE_CODE).sort()) hash.update(readFileSync(path.join(SAMPLE_CODE, name)));
  return hash.digest('hex').slice(0, 8);
}

/** @returns the archive of one month. */
export async function largeSampleArchive(
  dir: string,
  name: string,
  options: Omit<WriteLargeSampleOptions, 'out'>,
  log: (line: string) => void,
): Promise<string> {
  const folder = path.join(dir, `${name}-${codeDigest()}`);
  if (!existsSync(folder)) {
    log(`making ${name}`);
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
    await writeLargeSample({ ...options, out: partial });
    renameSync(partial, folder);
  }
  const archive = readdirSync(folder).find((file) => file.endsWith('.zip'));
  if (!archive) throw new Error(`${folder} holds no archive; remove it`);
  return path.join(folder, archive);
}
