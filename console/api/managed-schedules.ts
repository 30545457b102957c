/** Names the schedules that `citibike schedules apply` and every `citibike up` restore from inputs/schedules.yaml. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { PROJECT_DIR } from '../../settings.ts';

/** Returns no ids if the file is missing or unreadable; the command then restores none either. */
export async function managedSchedules(
  file = path.join(PROJECT_DIR, 'inputs', 'schedules.yaml'),
): Promise<ReadonlySet<string>> {
  try {
    return new Set(Object.keys((parse(await readFile(file, 'utf8')) ?? {}) as object));
  } catch {
    return new Set();
  }
}
