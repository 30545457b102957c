/** Reads and writes the files of a trainer process. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { decodeCheckpoint, type Checkpoint } from '../../core/training/checkpoint.ts';
import { TASK_FILES, type TrainingData, type TrainingTask } from './trainer-protocol.ts';
import { sizesOf } from './training-task.ts';

export function readTrainingData(folder: string): TrainingData {
  const file = (name: string) => path.join(folder, name);
  return {
    x: readFloats(file(TASK_FILES.x)),
    y: readFloats(file(TASK_FILES.y)),
    masks: new Uint8Array(readFileSync(file(TASK_FILES.masks))),
  };
}

function readFloats(file: string): Float32Array {
  const bytes = readFileSync(file);
  return new Float32Array(new Uint8Array(bytes).buffer);
}

/** Writes a file completely or not at all, even if the process is killed. */
export function writeWhole(file: string, content: Uint8Array): void {
  writeFileSync(`${file}.part`, content);
  renameSync(`${file}.part`, file);
}

/** Reads the checkpoint to resume from, if any. */
export function readResume(file: string, task: TrainingTask): Checkpoint | undefined {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return decodeCheckpoint(bytes, sizesOf(task));
}
