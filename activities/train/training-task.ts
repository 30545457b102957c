/** Builds and writes the trainer's task of one training. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { HyperParameters } from '../../contracts/hyper-parameters.ts';
import { parameterShapes } from '../../core/training/ensemble.ts';
import { planTraining } from '../../core/training/training-plan.ts';
import type { TrainingSet } from '../../core/training/training-set.ts';
import { shapeOf } from './train-ensemble.ts';
import { TASK_FILES, type BackendName, type TrainingData, type TrainingTask } from './trainer-protocol.ts';

/** Limits the work that a resumed training repeats. A checkpoint costs about 20 ms. */
const CHECKPOINT_SECONDS = 5;

export function taskOf(
  training: TrainingSet,
  hyperParameters: HyperParameters,
  seed: number,
  backend: BackendName,
): { task: TrainingTask; data: TrainingData } {
  const { networks, hidden, epochs, batch, learningRate, weightDecay, loss } = hyperParameters;
  const { members, masks } = planTraining(training.inputs, seed, networks);
  const rows = training.inputs.length;
  const task: TrainingTask = {
    ...{ hidden, epochs, batch, learningRate, weightDecay, loss },
    backend,
    rows,
    features: training.set.features.length,
    members,
    masks: masks.length / rows,
    goldenRow: training.goldenRow,
    checkpointSeconds: CHECKPOINT_SECONDS,
  };
  return { task, data: { x: training.x, y: training.y, masks } };
}

export async function writeTask(folder: string, task: TrainingTask, data: TrainingData): Promise<void> {
  await Promise.all([
    writeFile(path.join(folder, TASK_FILES.task), JSON.stringify(task)),
    writeTrainingData(folder, data),
  ]);
}

export async function writeTrainingData(folder: string, data: TrainingData): Promise<void> {
  const bytes = ({ buffer, byteOffset, byteLength }: Float32Array) =>
    new Uint8Array(buffer, byteOffset, byteLength);
  await Promise.all([
    writeFile(path.join(folder, TASK_FILES.x), bytes(data.x)),
    writeFile(path.join(folder, TASK_FILES.y), bytes(data.y)),
    writeFile(path.join(folder, TASK_FILES.masks), data.masks),
  ]);
}

/** Returns the length of each parameter array in the checkpoints of a task. */
export function sizesOf(task: TrainingTask): number[] {
  return parameterShapes(shapeOf(task)).map((shape) => shape.reduce((size, length) => size * length, 1));
}
