/** Starts the trainer process, listens to it, and ends it when asked to. */
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { CitibikeError } from '../../contracts/errors.ts';
import { hasNativeAddon } from './tensorflow.ts';
import type { BackendChoice, BackendName, TrainerMessage } from './trainer-protocol.ts';
import type { TrialMessage } from './trials-protocol.ts';

const TRAINER = path.join(import.meta.dirname, 'trainer.ts');

/**
 * Keeps the trainer well under 400 MB: TensorFlow.js makes thousands of short-lived objects a second, for which V8 would grow its
 * young generation to 160 MB and put off collecting the buffers that they hold.
 */
const TRAINER_FLAGS = ['--expose-gc', '--max-semi-space-size=4'];

/** Time between SIGTERM and SIGKILL. The trainer has nothing to tidy up. */
const GRACE_MS = 2_000;

/** Of what the trainer wrote to stderr, the end goes into the error. */
const STDERR_TAIL = 2_000;

type Done = Extract<TrainerMessage, { type: 'done' }>;
type Backend = Extract<TrainerMessage, { type: 'backend' }>;
type Epoch = Extract<TrainerMessage, { type: 'epoch' }>;

export interface TrainerRun {
  readonly backend: BackendName;
  /** Version of TensorFlow.js. */
  readonly tfjs: string;
  readonly golden: Done['golden'];
}

/**
 * Trains what lies in `folder` (trainer-protocol.ts) and leaves the results there.
 * @param signal ends the process; the answer then is its `reason`.
 * @throws CitibikeError TRAINER_CRASHED when it ended without an answer, or the error that it reports.
 */
export async function runTrainer(
  folder: string,
  signal: AbortSignal,
  onEpoch: (message: Epoch) => void,
): Promise<TrainerRun> {
  let loaded: Backend | undefined;
  let done: Done | undefined;
  await converse(['train', folder], signal, (message) => {
    if (message.type === 'backend') loaded = message;
    if (message.type === 'epoch') onEpoch(message);
    if (message.type === 'done') done = message;
  });
  if (!loaded || !done) throw new CitibikeError('TRAINER_CRASHED', 'the trainer ended without a result');
  return { backend: loaded.backend, tfjs: loaded.tfjs, golden: done.golden };
}

/** The backend that a choice means on this machine: only where the native addon might load is it worth the second of a probe. */
export async function chooseBackend(choice: BackendChoice, signal: AbortSignal): Promise<BackendName> {
  if (choice === 'auto') return hasNativeAddon() ? probeBackend(choice, signal) : 'wasm';
  return choice;
}

/** The backend that a choice means on this machine, found by loading it in a process that is then gone. */
export async function probeBackend(choice: BackendChoice, signal: AbortSignal): Promise<BackendName> {
  let backend: BackendName | undefined;
  await converse(['probe', choice], signal, (message) => {
    if (message.type === 'backend') backend = message.backend;
  });
  if (!backend) throw new CitibikeError('TRAINER_CRASHED', 'the trainer ended without naming its backend');
  return backend;
}

/** Runs `trainer.ts` with these arguments until it ends. */
export async function converse(
  args: readonly string[],
  signal: AbortSignal,
  onMessage: (message: TrainerMessage | TrialMessage) => void,
): Promise<void> {
  signal.throwIfAborted();
  // Flags of the worker, such as --inspect, are not the trainer's.
  const child = fork(TRAINER, args, {
    execArgv: TRAINER_FLAGS,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const end = () => stop(child);
  signal.addEventListener('abort', end, { once: true });
  try {
    await ended(child, onMessage);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', end);
    if (child.exitCode === null && child.signalCode === null) stop(child);
  }
  signal.throwIfAborted();
}

function ended(
  child: ChildProcess,
  onMessage: (message: TrainerMessage | TrialMessage) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let stderr = '';
    let failure: Error | undefined;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-STDERR_TAIL);
    });
    child.on('message', (message: TrainerMessage | TrialMessage) => {
      if (message.type === 'failed') failure = new CitibikeError(message.code, message.message);
      else onMessage(message);
    });
    child.once('error', reject);
    // 'close' comes after the last of stderr and of the messages, 'exit' may come before.
    child.once('close', (code, signalName) => {
      if (failure) return reject(failure);
      if (code === 0) return resolve();
      const how = signalName ? `was ended by ${signalName}` : `ended with code ${code}`;
      reject(
        new CitibikeError('TRAINER_CRASHED', `the trainer ${how}; it said: ${stderr.trim() || '(nothing)'}`, {
          code,
          signal: signalName,
        }),
      );
    });
  });
}

function stop(child: ChildProcess): void {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
}
