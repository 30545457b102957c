import { expect, it } from 'vitest';
import { assertSourceRead } from '../../../client/assert-source-read.ts';

it('fails only if a named source could not be read', () => {
  const weatherFailure = 'source: file:///x is not allowed';
  expect(() => assertSourceRead('file:///x', { reason: null, weatherFailure })).toThrow(weatherFailure);
  assertSourceRead(undefined, { reason: null, weatherFailure });
  assertSourceRead('file:///x', { reason: null, weatherFailure: null });
  assertSourceRead('file:///x', { reason: null });
});
