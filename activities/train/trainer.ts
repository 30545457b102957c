/**
 * The trainer: a process of its own, so that the worker keeps heartbeating while this one computes, and a crash of TensorFlow
 * takes no worker with it. Started by trainer-process.ts as `trainer.ts train FOLDER` or `trainer.ts probe BACKEND`; ends with
 * its parent.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CitibikeError } from '../../contracts/errors.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '../../core/model/checkpoint.ts';
import { parameterShapes } from '../../core/model/ensemble.ts';
import { loadTensorFlow } from './tensorflow.ts';
import { shapeOf, trainEnsemble } from './train-ensemble.ts';
import {
  TASK_FILES,
  type BackendChoice,
  type TrainerMessage,
  type TrainingTask,
} from './trainer-protocol.ts';

/** Resolves when the parent has it, so that no message is lost when the process ends after it. */
function send(message: TrainerMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!process.send) return reject(new Error('the trainer is started by a worker, not by hand'));
    process.send(message, undefined, undefined, (error) => (error ? reject(error) : resolve()));
  });
}

function readFloats(file: string): Float32Array {
  const bytes = readFileSync(file);
  return new Float32Array(new Uint8Array(bytes).buffer);
}

/** The last checkpoint kept is whole, also when the process is killed meanwhile. */
function writeWhole(file: string, content: Uint8Array): void {
  writeFileSync(`${file}.part`, content);
  renameSync(`${file}.part`, file);
}

function readResume(file: string, task: TrainingTask): Checkpoint | undefined {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const sizes = parameterShapes(shapeOf(task)).map((shape) =>
    shape.reduce((size, length) => size * length, 1),
  );
  return decodeCheckpoint(bytes, sizes);
}

async function train(folder: string): Promise<void> {
  const file = (name: string) => path.join(folder, name);
  const task = JSON.parse(readFileSync(file(TASK_FILES.task), 'utf8')) as TrainingTask;
  const { tf, backend } = await loadTensorFlow(task.backend);
  await send({ type: 'backend', backend });
  const data = {
    x: readFloats(file(TASK_FILES.x)),
    y: readFloats(file(TASK_FILES.y)),
    fold: new Uint8Array(readFileSync(file(TASK_FILES.fold))),
  };
  let lastCheckpoint = performance.now();
  const { final, heldOut, golden } = await trainEnsemble(
    tf,
    task,
    data,
    readResume(file(TASK_FILES.resume), task),
    (state) => {
      // Each batch leaves 0.4 MB of gradients outside V8's heap, which it is in no hurry to collect.
      globalThis.gc?.();
      const due = performance.now() - lastCheckpoint >= task.checkpointSeconds * 1000;
      const checkpoint = due && state.epoch < task.epochs ? file(`epoch-${state.epoch}.ckpt`) : null;
      if (checkpoint) {
        writeWhole(checkpoint, encodeCheckpoint(state));
        lastCheckpoint = performance.now();
      }
      void send({ type: 'epoch', epoch: state.epoch, epochs: task.epochs, loss: state.loss, checkpoint });
    },
  );
  writeWhole(file(TASK_FILES.final), encodeCheckpoint(final));
  writeWhole(file(TASK_FILES.heldOut), new Uint8Array(heldOut.buffer));
  await send({ type: 'done', golden });
}

async function probe(choice: BackendChoice): Promise<void> {
  const { backend } = await loadTensorFlow(choice);
  await send({ type: 'backend', backend });
}

const [command, argument = ''] = process.argv.slice(2);

/** Nobody is left to take the result, or to tidy up. */
const endWithParent = () => {
  if (command === 'train') rmSync(argument, { recursive: true, force: true });
  process.exit(1);
};
process.on('disconnect', endWithParent);
try {
  if (command === 'train') await train(argument);
  else if (command === 'probe') await probe(argument as BackendChoice);
  else throw new Error(`trainer.ts: got command ${JSON.stringify(command)}, expected train or probe`);
} catch (error) {
  if (error instanceof CitibikeError)
    await send({ type: 'failed', code: error.code, message: error.message });
  else {
    // Anything else is a crash: the parent says so, with the end of what is written here.
    console.error(error);
    process.exitCode = 1;
  }
}
process.off('disconnect', endWithParent);
process.disconnect?.();
