/** Inputs of runs that are about to start: by the command line, the console, a schedule. */
import type { Static } from 'typebox';
import { sourceProblems } from './address-secrets.ts';
import { assertNoProblems } from './input-problems.ts';
import { INPUT_SCHEMAS, parseInput } from './inputs.ts';

/**
 * As `parseInput`, and without secrets in addresses: an input stays in the history. Workflows reject those in their interceptor, behind
 * a patch, because `parseInput` is part of histories that began before.
 * @param what for the message, where it is not the type.
 * @throws CitibikeError INVALID_INPUT
 */
export function parseNewInput<T extends keyof typeof INPUT_SCHEMAS>(
  type: T,
  value: unknown,
  what: string = type,
): Static<(typeof INPUT_SCHEMAS)[T]> {
  const input = parseInput(what, INPUT_SCHEMAS[type], value);
  assertNoProblems(`input of ${what} is`, sourceProblems(input));
  return input;
}
