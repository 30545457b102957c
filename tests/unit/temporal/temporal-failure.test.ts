/** Tests failures as Temporal stores them: at most 4 kB in total, and without secrets. */
import {
  ActivityFailure,
  ApplicationFailure,
  DefaultFailureConverter,
  RetryState,
  defaultPayloadConverter,
} from '@temporalio/common';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CitibikeError } from '../../../contracts/errors.ts';
import { RollbackInput } from '../../../contracts/workflows/rollback.ts';
import { parseInput } from '../../../contracts/parse-input.ts';
import { asFailure } from '../../../contracts/temporal-failure.ts';

/** Collects all texts that Temporal stores of a failure. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (ArrayBuffer.isView(value))
    return [Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString()];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

function storedTexts(failure: Error): string[] {
  return textsOf(new DefaultFailureConverter().errorToFailure(failure, defaultPayloadConverter));
}

/** Returns the size in the history, with 4 bytes of overhead per field. */
function bytesInHistory(failure: Error): number {
  return storedTexts(failure).reduce((sum, text) => sum + Buffer.byteLength(text) + 4, 0);
}

const HUGE = 'é'.repeat(1_500_000);

function invalid(input: unknown): unknown {
  try {
    return parseInput('rollback', RollbackInput, input);
  } catch (error) {
    return error;
  }
}

test.each<[string, unknown]>([
  ['a wrong value of 1.5 MB', invalid({ model: HUGE })],
  ['a field whose name has 1.5 MB', invalid({ [HUGE]: 1 })],
  [
    'a thousand wrong fields',
    invalid(Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`z${i}`, HUGE]))),
  ],
  [
    'details of 1.5 MB',
    new CitibikeError('BAD_ARCHIVE', 'a', { line: HUGE, rows: Array(100_000).fill(1), file: 'f' }),
  ],
  ['causes in causes', chain(200)],
  ['an error that is none of ours', new TypeError(HUGE)],
  ['a text that was thrown', HUGE],
  [
    'a value that cannot be shown',
    {
      toString: () => {
        throw new Error('no');
      },
    },
  ],
  [
    'a failure of a workflow',
    ApplicationFailure.create({ message: HUGE, details: [{ months: Array(10_000).fill(HUGE) }] }),
  ],
  [
    'a failure within those of Temporal',
    new ActivityFailure(
      'Activity task failed',
      'fetchFile',
      '1',
      RetryState.TIMEOUT,
      'w',
      ApplicationFailure.create({ message: HUGE, cause: new Error(HUGE) }),
    ),
  ],
])('%s becomes a failure of at most 4 kB', (_, error) => {
  expect(bytesInHistory(asFailure(error, true))).toBeLessThanOrEqual(4_096);
});

function chain(length: number): Error {
  return Array.from({ length }).reduce<Error>(
    (cause) => new CitibikeError('STACK', 'x'.repeat(500), { a: 'y'.repeat(500) }, { cause }),
    new Error('root'),
  );
}

test('a wrong value of 1.5 MB is not retried, and is named by its first characters', () => {
  const failure = asFailure(invalid({ model: HUGE }), false) as ApplicationFailure;
  expect(failure).toMatchObject({ type: 'INVALID_INPUT', nonRetryable: true });
  expect(failure.message).toMatch(
    /^input of rollback is not valid: model: got "é+…, expected a registered model name/,
  );
});

test('small details are unchanged, because workflows decide by them', () => {
  const months = Array.from(
    { length: 60 },
    (_, i) => `20${10 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`,
  );
  const failure = asFailure(new CitibikeError('MISSING_MONTHS', 'not there', { months }), true);
  expect((failure as ApplicationFailure).details).toEqual([{ months }]);
});

test('causes keep their order, type and message', () => {
  const cause = new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') });
  const failure = asFailure(new CitibikeError('SOURCE_UNAVAILABLE', 'no', {}, { cause }), true);
  expect(failure.cause).toMatchObject({
    type: 'TypeError',
    message: 'fetch failed',
    cause: { message: 'ECONNREFUSED' },
  });
});

test('planted secrets are in no part of a failure', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9]{16,40}$/), (secret) => {
      const address = `https://alice:${secret}@host/x?X-Amz-Signature=${secret}`;
      const cause = new Error(`fetch of ${address} failed`);
      const error = new CitibikeError(
        'SOURCE_UNAVAILABLE',
        address,
        { url: address, token: secret },
        { cause },
      );
      const text = storedTexts(asFailure(error, true)).join('\n');
      expect(text).not.toContain(secret);
    }),
  );
});
