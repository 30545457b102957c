/** Log files of the services: appended over restarts, one older file kept. */
import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

const ROTATE_BYTES = 20_000_000;

export function logFile(folder: string, name: string): string {
  return path.join(folder, `${name}.log`);
}

/** Opens for appending, after moving a large file aside. @returns the descriptor and where in the file this run begins. */
export function openLog(file: string): { descriptor: number; offset: number } {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  if (existsSync(file) && statSync(file).size > ROTATE_BYTES) renameSync(file, `${file}.1`);
  const descriptor = openSync(file, 'a', 0o600);
  return { descriptor, offset: statSync(file).size };
}

/** The last lines written after `offset` that say something. */
export function lastLines(file: string, offset: number, count: number): string[] {
  if (!existsSync(file)) return [];
  const size = statSync(file).size;
  const start = Math.max(offset, size - 16_384);
  const buffer = Buffer.alloc(Math.max(0, size - start));
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, buffer, 0, buffer.length, start);
  } finally {
    closeSync(descriptor);
  }
  const lines = buffer.toString('utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').slice(-count);
}
