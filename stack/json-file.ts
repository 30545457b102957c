/** Reads and writes JSON files atomically: a write goes to a temporary file that is renamed, so readers never see half a file. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes a value.
 * @param mode permissions of the file; by default, only the owner can read it.
 */
export function writeJson(file: string, value: unknown, mode = 0o600): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, `${JSON.stringify(value, null, 2)}\n`, { mode });
  renameSync(aside, file);
}

/** Returns undefined if the file is missing or does not parse. */
export function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
