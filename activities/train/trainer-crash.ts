/** When a crash of the trainer is worth another try, and when it is not. */
import { CitibikeError, messageOf } from '../../contracts/errors.ts';

/** One crash, kept beside the checkpoints, so that the next attempt knows it on whichever worker it runs. */
export interface TrainerCrash {
  /** `SIGKILL`, `code 1`. */
  readonly how: string;
  /** Epochs that were done. */
  readonly epoch: number;
}

/** Undefined for what is no crash of the trainer. */
export function crashOf(error: unknown, epoch: number): TrainerCrash | undefined {
  if (!(error instanceof CitibikeError) || error.code !== 'TRAINER_CRASHED') return undefined;
  const { signal, code } = error.details;
  return { how: typeof signal === 'string' ? signal : `code ${String(code)}`, epoch };
}

/** The same end, and no epoch further than the time before: a third try would end there too. */
export function isSameCrash(crash: TrainerCrash, before: TrainerCrash): boolean {
  return crash.how === before.how && crash.epoch <= before.epoch;
}

/** SIGKILL is what the kernel sends where memory runs out; V8 aborts by itself and says so. */
function ranOutOfMemory({ how }: TrainerCrash, said: string): boolean {
  return (
    how === 'SIGKILL' || /heap out of memory|allocation failed|bad_alloc|Cannot enlarge memory/i.test(said)
  );
}

export function repeatedCrash(crash: TrainerCrash, error: unknown): CitibikeError {
  const said = messageOf(error);
  const advice = ranOutOfMemory(crash, said)
    ? 'it most likely ran out of memory: give the worker more, or train fewer or smaller networks (hyperParameters.networks, hyperParameters.hidden)'
    : 'a third try would end the same: mend what it says, or choose another backend (setting TFJS_BACKEND), and start the training again';
  return new CitibikeError(
    'TRAINING_FAILED',
    `the trainer crashed twice in the same way (${crash.how}) after epoch ${crash.epoch}; ${advice}. ${said}`,
    { ...crash },
    { cause: error },
  );
}
