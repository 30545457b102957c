/**
 * Manages log files of the services. They are appended to across restarts. A file that reaches its limit becomes the newest of a few
 * older ones, also while its service writes to it.
 */
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs';
import path from 'node:path';

const ROTATE_BYTES = 20_000_000;
/** Sets the number of older files of a service. */
const KEPT_FILES = 4;

export function logFile(folder: string, name: string): string {
  return path.join(folder, `${name}.log`);
}

/** Returns the name of an older file; 1 is the newest of them. */
export const olderLog = (file: string, age: number): string => `${file}.${age}`;

/**
 * Opens a log for appending, after rotating a large file.
 * @returns the descriptor, and the offset at which this run begins.
 */
export function openLog(file: string): { descriptor: number; offset: number } {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  if (isTooLarge(file)) {
    makeRoom(file);
    renameSync(file, olderLog(file, 1));
  }
  const descriptor = openSync(file, 'a', 0o600);
  return { descriptor, offset: statSync(file).size };
}

/**
 * Rotates the large logs of a folder while services write to them. A service keeps its descriptor, so the file is copied and then
 * emptied; a line that is written between the two is lost.
 */
export function rotateLogs(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    if (!name.endsWith('.log') || !isTooLarge(file)) continue;
    makeRoom(file);
    const older = olderLog(file, 1);
    copyFileSync(file, older);
    appendFileSync(older, readFrom(file, statSync(older).size));
    truncateSync(file);
  }
}

const isTooLarge = (file: string): boolean =>
  (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > ROTATE_BYTES;

/** Renames the older files, so that the name of the newest is free. The oldest is overwritten. */
function makeRoom(file: string): void {
  for (let age = KEPT_FILES - 1; age >= 1; age -= 1)
    if (existsSync(olderLog(file, age))) renameSync(olderLog(file, age), olderLog(file, age + 1));
}

/** Returns the last non-empty lines written after `offset`. */
export function lastLines(file: string, offset: number, count: number): string[] {
  if (!existsSync(file)) return [];
  const { size } = statSync(file);
  // A file that was rotated meanwhile is shorter than the offset and holds only newer lines.
  const start = Math.max(offset > size ? 0 : offset, size - 16_384);
  const lines = readFrom(file, start).toString('utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').slice(-count);
}

/** Reads a file from an offset to its present end. */
function readFrom(file: string, start: number): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(Math.max(0, statSync(file).size - start));
    const length = readSync(descriptor, buffer, 0, buffer.length, start);
    return buffer.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}
