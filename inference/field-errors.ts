/** Builds the 422 response of an invalid request, with one error per field and a limit on their number. */
import type { TSchema } from 'typebox';
import { inputProblems } from '../contracts/input-problems.ts';
import { HttpProblem, type FieldError } from '../adapters/fastify/problem.ts';

/** Limits the number of errors in one response. */
export const MAX_FIELD_ERRORS = 100;
/** Is the field name that `inputProblems` uses when the value as a whole is wrong. */
const WHOLE_INPUT = '(the whole input)';

/** Returns the 422 problem of an invalid request. */
export function invalidInput(errors: readonly FieldError[]): HttpProblem {
  const { row, field, message } = errors[0] ?? { row: null, field: 'body', message: 'is not valid' };
  const where = typeof row === 'number' ? `row ${row}, ${field}` : field;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : '';
  return new HttpProblem(422, 'invalid-input', `${where}: ${message}${more}`, {
    errors: errors.slice(0, MAX_FIELD_ERRORS),
  });
}

/**
 * Lists the errors of a value that does not match its schema; at least one.
 * @param row index of the row, or null if the value is not a row.
 * @param whole field name for errors of the value itself.
 */
export function fieldErrors(
  schema: TSchema,
  value: unknown,
  row: number | null,
  whole: string,
): FieldError[] {
  return inputProblems(schema, value).map(({ field, got, wanted }): FieldError => ({
    row,
    field: field === WHOLE_INPUT ? whole : field,
    // Most expectations are noun phrases and need "expected"; these are complete sentences.
    message: /^(no such|must)/.test(wanted) ? wanted : `expected ${wanted}`,
    got,
  }));
}
