/** What is wrong with a request, field by field, as many errors as are worth reading. */
import type { TSchema } from 'typebox';
import { inputProblems } from '../contracts/input-problems.ts';
import { HttpProblem, type FieldError } from '../adapters/fastify/problem.ts';

/** Errors told in one answer. */
export const MAX_FIELD_ERRORS = 100;
/** What `inputProblems` calls a value that is wrong as a whole. */
const WHOLE_INPUT = '(the whole input)';

/** The 422 that all wrong values end in. */
export function invalidInput(errors: readonly FieldError[]): HttpProblem {
  const { row, field, message } = errors[0] ?? { row: null, field: 'body', message: 'is not valid' };
  const where = typeof row === 'number' ? `row ${row}, ${field}` : field;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : '';
  return new HttpProblem(422, 'invalid-input', `${where}: ${message}${more}`, {
    errors: errors.slice(0, MAX_FIELD_ERRORS),
  });
}

/**
 * Errors of a value that its schema does not take; at least one.
 * @param row index of the row that the value is, or null.
 * @param whole what the value is called where the value itself is wrong.
 */
export function fieldErrors(
  schema: TSchema,
  value: unknown,
  row: number | null,
  whole: string,
): FieldError[] {
  const errors = inputProblems(schema, value).map(({ field, got, wanted }): FieldError => ({
    row,
    field: field === WHOLE_INPUT ? whole : field,
    // A wish is a noun phrase; what is plainly forbidden is a sentence already.
    message: /^(no such|must)/.test(wanted) ? wanted : `expected ${wanted}`,
    ...(got === undefined ? {} : { got }),
  }));
  return errors;
}
