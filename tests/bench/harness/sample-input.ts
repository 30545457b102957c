/** Generates synthetic inputs of the benches and keeps them between runs. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeLargeSample, type WriteLargeSampleOptions } from '../../sample/write-large-sample.ts';

const SAMPLE_CODE = ['../../../core/sample', '../../sample'].map((folder) =>
  path.join(import.meta.dirname, folder),
);

/** Returns a digest of the code that generates the sample, so that a change of it makes a new sample. */
function codeDigest(): string {
  const hash = createHash('sha256');
  for (const folder of SAMPLE_CODE)
    for (const name of readdirSync(folder).sort()) hash.update(readFileSync(path.join(folder, name)));
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
