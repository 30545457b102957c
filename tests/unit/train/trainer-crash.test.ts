import { describe, expect, test } from 'vitest';
import { crashOf, isSameCrash, repeatedCrash } from '../../../activities/train/trainer-crash.ts';
import { CitibikeError } from '../../../contracts/errors.ts';

const crashed = (details: Record<string, unknown>, message = 'the trainer ended') =>
  new CitibikeError('TRAINER_CRASHED', message, details);

describe('a crash', () => {
  test('is identified by its signal, else by its exit code, and by the finished epochs', () => {
    expect(crashOf(crashed({ code: null, signal: 'SIGKILL' }), 7)).toEqual({ how: 'SIGKILL', epoch: 7 });
    expect(crashOf(crashed({ code: 134, signal: null }), 0)).toEqual({ how: 'code 134', epoch: 0 });
  });

  test('is neither a failure that the trainer reports, nor a cancellation', () => {
    expect(crashOf(new CitibikeError('TRAINING_FAILED', 'the loss became NaN'), 3)).toBeUndefined();
    expect(crashOf(new Error('cancelled'), 3)).toBeUndefined();
  });

  test('is the same if it ends the same way without progress', () => {
    const before = { how: 'SIGKILL', epoch: 7 };
    expect(isSameCrash({ how: 'SIGKILL', epoch: 7 }, before)).toBe(true);
    expect(isSameCrash({ how: 'SIGKILL', epoch: 5 }, before)).toBe(true);
    expect(isSameCrash({ how: 'SIGKILL', epoch: 8 }, before)).toBe(false);
    expect(isSameCrash({ how: 'SIGSEGV', epoch: 7 }, before)).toBe(false);
  });
});

describe('a repeated crash', () => {
  test('fails for good, and after SIGKILL says that memory most likely ran out', () => {
    const error = repeatedCrash({ how: 'SIGKILL', epoch: 7 }, crashed({ signal: 'SIGKILL' }));
    expect(error).toMatchObject({ code: 'TRAINING_FAILED', retryable: false, details: { epoch: 7 } });
    expect(error.message).toMatch(/twice in the same way \(SIGKILL\) after epoch 7; .*out of memory: give/);
  });

  test('says the same after a full heap', () => {
    const said = 'was ended by SIGABRT; stderr: FATAL ERROR: JavaScript heap out of memory';
    const error = repeatedCrash({ how: 'SIGABRT', epoch: 1 }, crashed({}, said));
    expect(error.message).toMatch(/hyperParameters\.networks.*stderr: FATAL ERROR/);
  });

  test('of another kind repeats the output of the trainer', () => {
    const error = repeatedCrash({ how: 'code 1', epoch: 0 }, crashed({ code: 1 }, 'stderr: ENOSPC'));
    expect(error.message).toMatch(/TFJS_BACKEND.* stderr: ENOSPC/);
    expect(error.message).not.toMatch(/memory/);
  });
});
