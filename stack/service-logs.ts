/** Manages log files of the services. They are appended to across restarts, and one older file is kept. */
import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

const ROTATE_BYTES = 20_000_000;

export function logFile(folder: string, name: string): string {
  return path.join(folder, `${name}.log`);
}

/**
 * Opens a log for appending, after rotating a large file.
 * @returns the descriptor, and the offset at which this run begins.
 */
export function openLog(file: string): { descriptor: number; offset: number } {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  if (existsSync(file) && statSync(file).size > ROTATE_BYTES) renameSync(file, `${file}.1`);
  const descriptor = openSync(file, 'a', 0o600);
  return { descriptor, offset: statSync(file).size };
}

/** Returns the last non-empty lines written after `offset`. */
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
