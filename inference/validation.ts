/** Requests checked by their TypeBox schemas, compiled once a route; errors name row and field, as many as are worth reading. */
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Settings } from 'typebox/system';
import { Value } from 'typebox/value';
import { inputProblems } from '../contracts/input-problems.ts';
import { HttpProblem, type FieldError } from '../adapters/fastify/problem.ts';

/** Errors told in one answer. TypeBox stops collecting there, so a large wrong body costs no more than a small one. */
export const MAX_FIELD_ERRORS = 100;
/** Characters of a wrong value that are echoed. */
const MAX_ECHO = 80;

Settings.Set({ maxErrors: MAX_FIELD_ERRORS });

/**
 * For Fastify's `setValidatorCompiler`. Bodies are taken as they are, but for fields that a schema neither knows nor forbids: those
 * are taken out. What comes as text in the address is converted.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  const lenient =
    httpPart === 'body' && (schema as { additionalProperties?: unknown }).additionalProperties === undefined;
  return (value: unknown) => {
    // Nothing in the address, as with nearly every request, needs no conversion.
    const fits = validator.Check(value);
    const converted = fits || httpPart === 'body' ? value : Value.Convert(schema, { ...(value as object) });
    if (fits || validator.Check(converted))
      return { value: lenient ? Value.Clean(schema, converted) : converted };
    return { error: invalidInput(fieldErrors(schema, converted)) };
  };
};

/** The 422 that all wrong values end in. */
export function invalidInput(errors: readonly FieldError[]): HttpProblem {
  const { row, field, message } = errors[0] ?? { row: null, field: 'body', message: 'is not valid' };
  const where = row === null ? field : `row ${row}, ${field}`;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : '';
  return new HttpProblem(422, 'invalid-input', `${where}: ${message}${more}`, {
    errors: errors.slice(0, MAX_FIELD_ERRORS),
  });
}

function fieldErrors(schema: TSchema, value: unknown): FieldError[] {
  return inputProblems(schema, value).map(({ field, got, wanted }) => {
    const [, row, name] = /^input_data\.(\d+)(?:\.(.+))?$/.exec(field) ?? [];
    return {
      row: row === undefined ? null : Number(row),
      field: row === undefined ? field : (name ?? 'input_data'),
      // A wish is a noun phrase; what is plainly forbidden is a sentence already.
      message: /^(no such|must)/.test(wanted) ? wanted : `expected ${wanted}`,
      ...(got === undefined ? {} : { got: echo(got) }),
    };
  });
}

/** A wrong value as far as it helps to find it: a caller's whole body is not sent back. */
function echo(got: unknown): unknown {
  let text: string;
  try {
    text = typeof got === 'string' ? got : JSON.stringify(got);
  } catch {
    // Lists in lists in lists, thousands deep: reading them took no stack, writing them would.
    return '(nested too deep to show)';
  }
  return text.length <= MAX_ECHO ? got : `${text.slice(0, MAX_ECHO)}…`;
}
