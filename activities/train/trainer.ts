/**
 * Trains in a separate process, so that the worker heartbeats during the computation and survives a crash of TensorFlow.
 * `trainer-process.ts` starts it as `trainer.ts train FOLDER`, `trainer.ts trials FOLDER` or `trainer.ts probe BACKEND`. It ends with its
 * parent.
 */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { CitibikeError, framesOf, messageOf } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import { encodeCheckpoint } from '../../core/training/checkpoint.ts';
import { heldOutLoss } from '../../core/training/training-report.ts';
import { loadTensorFlow } from './tensorflow.ts';
import { trainEnsemble } from './train-ensemble.ts';
import { readResume, readTrainingData, writeWhole } from './trainer-files.ts';
import {
  TASK_FILES,
  type BackendChoice,
  type TrainerMessage,
  type TrainingTask,
} from './trainer-protocol.ts';
import type { TrialMessage } from './trials-protocol.ts';
import { readTrialTasks, trainTrials } from './trials-trainer.ts';

/** Sends a message. Resolves after the parent received it, so that no message is lost at the end of the process. */
function send(message: TrainerMessage | TrialMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!process.send)
      return reject(new Error('the trainer needs a parent process: start it by the activity trainModel'));
    process.send(message, undefined, undefined, (error) => (error ? reject(error) : resolve()));
  });
}

async function train(folder: string): Promise<void> {
  const file = (name: string) => path.join(folder, name);
  const task = JSON.parse(readFileSync(file(TASK_FILES.task), 'utf8')) as TrainingTask;
  const { tf, backend } = await loadTensorFlow(task.backend);
  await send({ type: 'backend', backend, tfjs: tf.version.tfjs ?? tf.version_core });
  const data = readTrainingData(folder);
  const last = Math.min(task.epochs, task.stopAfter ?? task.epochs);
  let lastCheckpoint = performance.now();
  let lastEpoch = performance.now();
  const { final, heldOut, golden } = await trainEnsemble(
    tf,
    task,
    data,
    readResume(file(TASK_FILES.resume), task),
    (state) => {
      // Each batch leaves 0.4 MB of gradients outside V8's heap, which V8 would collect late.
      globalThis.gc?.();
      const due = performance.now() - lastCheckpoint >= task.checkpointSeconds * 1000;
      const checkpoint = due && state.epoch < last ? file(`epoch-${state.epoch}.ckpt`) : null;
      if (checkpoint) {
        writeWhole(checkpoint, encodeCheckpoint(state));
        lastCheckpoint = performance.now();
      }
      const { epoch, loss } = state;
      const record = state.history.at(-1)!;
      const hidden = heldOutLoss(record);
      const seconds = (performance.now() - lastEpoch) / 1000;
      lastEpoch = performance.now();
      const { user, system } = process.cpuUsage();
      void send({
        ...{ type: 'epoch', epoch, epochs: task.epochs, at: record.at, loss, seconds, checkpoint },
        heldOutLoss: Number.isFinite(hidden) ? hidden : null,
        learningRate: record.learningRate,
        cpuMs: (user + system) / 1_000,
        memoryBytes: process.memoryUsage.rss(),
      });
    },
  );
  writeWhole(file(TASK_FILES.final), encodeCheckpoint(final));
  writeWhole(file(TASK_FILES.heldOut), new Uint8Array(heldOut.buffer));
  await send({ type: 'done', golden });
}

async function trials(folder: string): Promise<void> {
  const tasks = readTrialTasks(folder);
  const { tf, backend } = await loadTensorFlow(tasks[0]!.task.backend);
  await send({ type: 'backend', backend, tfjs: tf.version.tfjs ?? tf.version_core });
  await trainTrials(tf, folder, tasks, send);
}

async function probe(choice: BackendChoice): Promise<void> {
  const { tf, backend } = await loadTensorFlow(choice);
  await send({ type: 'backend', backend, tfjs: tf.version.tfjs ?? tf.version_core });
}

const [command, argument = ''] = process.argv.slice(2);

/** Exits without cleanup, because no parent can receive the result. */
const endWithParent = () => {
  if (command === 'train' || command === 'trials') rmSync(argument, { recursive: true, force: true });
  process.exit(1);
};
process.on('disconnect', endWithParent);
try {
  if (command === 'train') await train(argument);
  else if (command === 'trials') await trials(argument);
  else if (command === 'probe') await probe(argument as BackendChoice);
  else throw new Error(`trainer.ts: got command ${showValue(command)}, expected train, trials or probe`);
} catch (error) {
  if (error instanceof CitibikeError)
    await send({ type: 'failed', code: error.code, message: error.message });
  else {
    // Other errors count as a crash. The parent reports it with the end of stderr.
    console.error(`${messageOf(error)}\n${error instanceof Error ? framesOf(error) : ''}`);
    process.exitCode = 1;
  }
}
process.off('disconnect', endWithParent);
process.disconnect?.();
