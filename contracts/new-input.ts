/** Parses inputs of runs that are about to start from the command line, the console or a schedule. */
import { sourceProblems } from './address-secrets.ts';
import { CitibikeError } from './errors.ts';
import { assertNoProblems } from './input-problems.ts';
import { parseInput } from './parse-input.ts';
import { showValue } from './show-value.ts';
import { STARTABLE_WORKFLOWS } from './workflows/index.ts';

/**
 * Parses an input like `parseInput`, and rejects secrets in addresses, because inputs stay in the history.
 * Workflows check for them in their interceptor behind a patch: older histories already contain `parseInput`.
 * @param type name of a workflow that people start.
 * @param what name for the message, if it differs from the type.
 * @throws CitibikeError INVALID_INPUT
 */
export function parseNewInput(type: string, value: unknown, what: string = type): unknown {
  const workflow = STARTABLE_WORKFLOWS.get(type);
  if (!workflow) {
    const names = [...STARTABLE_WORKFLOWS.keys()].join(', ');
    throw new CitibikeError('INVALID_INPUT', `workflow: got ${showValue(type)}, expected one of ${names}`);
  }
  const input = parseInput(what, workflow.input, value);
  assertNoProblems(`input of ${what} is`, sourceProblems(input));
  return input;
}
