/** Decides whether a crash of the trainer is retried. */
import { CitibikeError, messageOf } from '../../contracts/errors.ts';

/** Represents a crash. It is stored with the checkpoints, so that the next attempt knows it on any worker. */
export interface TrainerCrash {
  /** `SIGKILL`, `code 1`. */
  readonly how: string;
  /** Number of finished epochs. */
  readonly epoch: number;
}

/** Returns the crash, or undefined for other errors. */
export function crashOf(error: unknown, epoch: number): TrainerCrash | undefined {
  if (!(error instanceof CitibikeError) || error.code !== 'TRAINER_CRASHED') return undefined;
  const { signal, code } = error.details;
  return { how: typeof signal === 'string' ? signal : `code ${String(code)}`, epoch };
}

/** Checks for the same signal or code without progress. A third try would crash there too. */
export function isSameCrash(crash: TrainerCrash, before: TrainerCrash): boolean {
  return crash.how === before.how && crash.epoch <= before.epoch;
}

/** Checks for a lack of memory. The kernel then sends SIGKILL, and V8 aborts with a message. */
function ranOutOfMemory({ how }: TrainerCrash, said: string): boolean {
  return (
    how === 'SIGKILL' || /heap out of memory|allocation failed|bad_alloc|Cannot enlarge memory/i.test(said)
  );
}

export function repeatedCrash(crash: TrainerCrash, error: unknown): CitibikeError {
  const said = messageOf(error);
  const advice = ranOutOfMemory(crash, said)
    ? 'it most likely ran out of memory: give the worker more, or train fewer or smaller networks (hyperParameters.networks, hyperParameters.hidden)'
    : 'a third try would fail too: fix the error below, or choose another backend (setting TFJS_BACKEND), and start the training again';
  return new CitibikeError(
    'TRAINING_FAILED',
    `the trainer crashed twice in the same way (${crash.how}) after epoch ${crash.epoch}; ${advice}. ${said}`,
    { ...crash },
    { cause: error },
  );
}
