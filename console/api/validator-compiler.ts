/** Validates requests by their TypeBox schemas, compiled once per route. Errors name the field and the expectation. */
import type { FastifySchemaCompiler } from 'fastify';
import { Format } from 'typebox/format';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { isDay } from '../../contracts/calendar.ts';
import { describeProblem, inputProblems } from '../../contracts/input-problems.ts';
import { HttpProblem } from '../../adapters/fastify/problem.ts';

Format.Set('date', isDay);
Format.Set(
  'date-time',
  (value) => isDay(value.slice(0, 10)) && value[10] === 'T' && !Number.isNaN(Date.parse(value)),
);

/** Compiles validators for Fastify's `setValidatorCompiler`. Bodies stay unchanged; texts in the address are converted. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  return (value: unknown) => {
    const given =
      httpPart === 'body' ? value : Value.Default(schema, Value.Convert(schema, { ...(value as object) }));
    if (validator.Check(given)) return { value: given };
    const problems = inputProblems(schema, given);
    const first = problems[0];
    return {
      error: new HttpProblem(
        422,
        'invalid-input',
        first ? describeProblem(first) : `the ${httpPart ?? 'request'} is not valid`,
        {
          errors: problems.map(({ field, wanted, got }) => ({
            field,
            message: `expected ${wanted}`,
            got,
          })),
        },
      ),
    };
  };
};
