/** Requests checked by their TypeBox schemas, compiled once a route. Batches are checked row by row, in turns. */
import type { FastifySchemaCompiler } from 'fastify';
import { Type, type TArray, type TObject, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import type { FieldError } from '../adapters/fastify/problem.ts';
import { fieldErrors, invalidInput, MAX_FIELD_ERRORS } from './field-errors.ts';
import { inTurns, ROWS_A_TURN } from './in-turns.ts';
import { ROWS_FIELD } from './schemas/body-limits.ts';

type Validate = ReturnType<FastifySchemaCompiler<TSchema>>;
type Batch = Record<typeof ROWS_FIELD, unknown[]>;

/** For Fastify's `setValidatorCompiler`. What comes as text in the address is converted; bodies are batches. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) =>
  httpPart === 'body' ? batchValidator(schema as TObject) : addressValidator(schema);

function addressValidator(schema: TSchema): Validate {
  const validator = Compile(schema);
  return (value: unknown) => {
    // Nothing in the address, as with nearly every request, needs no conversion.
    if (validator.Check(value)) return { value };
    const converted = Value.Convert(schema, { ...(value as object) });
    if (validator.Check(converted)) return { value: converted };
    return { error: invalidInput(fieldErrors(schema, converted, null, 'query')) };
  };
}

function isSmall(value: unknown): boolean {
  const rows = (value as Partial<Batch> | null)?.[ROWS_FIELD];
  return Array.isArray(rows) && rows.length <= ROWS_A_TURN;
}

/** Takes fields that a schema neither knows nor forbids out of the rows. The number of rows is judged before any of them is looked at. */
function batchValidator(schema: TObject): Validate {
  const { items: row, ...list } = schema.properties[ROWS_FIELD] as TArray;
  const envelope = {
    ...schema,
    properties: { [ROWS_FIELD]: { ...list, items: Type.Unknown() } },
  } as unknown as TObject;
  const [isBatch, isEnvelope, isRow] = [Compile(schema), Compile(envelope), Compile(row)];
  const ignoresUnknown = !('additionalProperties' in schema);

  const validate = (value: unknown) => {
    // Nearly every request: few rows, none of them wrong.
    if (!ignoresUnknown && isSmall(value) && isBatch.Check(value)) return { value };
    if (!isEnvelope.Check(value)) {
      return { error: invalidInput(fieldErrors(envelope, value, null, ROWS_FIELD)) };
    }
    const rows = (value as Batch)[ROWS_FIELD];
    const errors: FieldError[] = [];
    const checking = inTurns(rows, (slice, first) => {
      for (let i = 0; i < slice.length && errors.length < MAX_FIELD_ERRORS; i++) {
        if (!isRow.Check(slice[i])) errors.push(...fieldErrors(row, slice[i], first + i, ROWS_FIELD));
        else if (ignoresUnknown) rows[first + i] = Value.Clean(row, slice[i]);
      }
    });
    if (!checking) return errors.length > 0 ? { error: invalidInput(errors) } : { value };
    return checking.then(() => {
      if (errors.length > 0) throw invalidInput(errors);
    });
  };
  return validate as Validate;
}
