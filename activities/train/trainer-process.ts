/** Starts the trainer process, receives its messages, and ends it on cancellation. */
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { CitibikeError } from '../../contracts/errors.ts';
import { hasNativeAddon } from './tensorflow.ts';
import type { BackendChoice, BackendName, TrainerMessage } from './trainer-protocol.ts';
import type { TrialMessage } from './trials-protocol.ts';

const TRAINER = path.join(import.meta.dirname, 'trainer.ts');

/**
 * Keeps the trainer well under 400 MB. TensorFlow.js creates thousands of short-lived objects per second, for which V8 would grow
 * its young generation to 160 MB and delay the collection of their buffers.
 */
const TRAINER_FLAGS = ['--expose-gc', '--max-semi-space-size=4'];

/** Sets the time between SIGTERM and SIGKILL. The trainer needs no cleanup. */
const GRACE_MS = 2_000;

/** Limits how much of the end of stderr an error contains. */
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
 * Trains the task in `folder` (trainer-protocol.ts) and writes the results there.
 * @param signal ends the process. The promise then rejects with its `reason`.
 * @throws CitibikeError TRAINER_CRASHED if the process ends without an answer, or the error that it reports.
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

/** Returns the backend of a choice on this machine. Probes, which takes a second, only if the native addon might load. */
export async function chooseBackend(choice: BackendChoice, signal: AbortSignal): Promise<BackendName> {
  if (choice === 'auto') return hasNativeAddon() ? probeBackend(choice, signal) : 'wasm';
  return choice;
}

/** Returns the backend of a choice on this machine, after loading it in a short-lived process. */
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
  // The trainer must not inherit flags of the worker, such as --inspect.
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
    // 'close' follows the last stderr output and message, while 'exit' may precede them.
    child.once('close', (code, signalName) => {
      if (failure) return reject(failure);
      if (code === 0) return resolve();
      const how = signalName ? `was ended by ${signalName}` : `ended with code ${code}`;
      reject(
        new CitibikeError('TRAINER_CRASHED', `the trainer ${how}; stderr: ${stderr.trim() || '(empty)'}`, {
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
