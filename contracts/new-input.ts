/** Parses inputs of runs that are about to start from the command line, the console or a schedule. */
import type { Static } from 'typebox';
import { sourceProblems } from './address-secrets.ts';
import { assertNoProblems } from './input-problems.ts';
import { INPUT_SCHEMAS } from './workflows/index.ts';
import { parseInput } from './parse-input.ts';

/**
 * Parses an input like `parseInput`, and rejects secrets in addresses, because inputs stay in the history.
 * Workflows check for them in their interceptor behind a patch: older histories already contain `parseInput`.
 * @param what name for the message, if it differs from the type.
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
