import { expect, it } from 'vitest';
import { rootFailure } from '../../../console/api/root-failure.ts';
import { rootMessage } from '../../../workflows/root-message.ts';

const ACTIVITY = { type: 'activity listSource', message: 'Activity task failed' };
const OURS = { type: 'SOURCE_NOT_FOUND', message: 'source file:///a does not exist' };
const RAW = { type: 'Error', message: "ENOENT: no such file or directory, realpath '/a'" };

/** Nests the failures as Temporal does. */
const nested = (chain: readonly { readonly type: string; readonly message: string }[]): Error =>
  chain.reduceRight<Error | undefined>(
    (cause, { type, message }) => Object.assign(new Error(message, { cause }), { type }),
    undefined,
  )!;

it.each([
  [[ACTIVITY, OURS, RAW], OURS],
  [[ACTIVITY, OURS], OURS],
  [[ACTIVITY, RAW], RAW],
  [[{ type: 'toString', message: 'a' }, RAW], RAW],
])('says what is wrong and what to do, or else the innermost cause (%#)', (chain, expected) => {
  expect(rootFailure(chain)).toBe(expected);
  expect(rootMessage(nested(chain))).toBe(expected.message);
});

it('finds no failure in an empty chain', () => {
  expect(rootFailure([])).toBeUndefined();
});
