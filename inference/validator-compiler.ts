/**
 * Validates requests with TypeBox schemas, compiled once per route. Batches are checked row by row, in
 * slices.
 */
import type { FastifySchemaCompiler } from 'fastify';
import { Type, type TArray, type TObject, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import type { FieldError } from '../adapters/fastify/problem.ts';
import { fieldErrors, invalidInput, MAX_FIELD_ERRORS } from './field-errors.ts';
import { inTurns, ROWS_A_TURN } from './in-turns.ts';
import { ROWS_FIELD } from './schemas/body-limits.ts';

/** Limits the number of rows explained per slice: explaining an error takes far longer than finding it. */
const WRONG_ROWS_A_TURN = 10;

type Validate = ReturnType<FastifySchemaCompiler<TSchema>>;
type Batch = Record<typeof ROWS_FIELD, unknown[]>;

/**
 * Compiles validators for Fastify's `setValidatorCompiler`. Query and path values are converted from text;
 * bodies are batches.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) =>
  httpPart === 'body' ? batchValidator(schema as TObject) : addressValidator(schema);

function addressValidator(schema: TSchema): Validate {
  const validator = Compile(schema);
  return (value: unknown) => {
    // Nearly all requests have no query, which needs no conversion.
    if (validator.Check(value)) return { value };
    const converted = Value.Convert(schema, { ...(value as object) }) as Record<string, unknown>;
    for (const [name, text] of Object.entries(value))
      if (typeof converted[name] === 'number' && !isTextOf(text, converted[name])) converted[name] = text;
    if (validator.Check(converted)) return { value: converted };
    return { error: invalidInput(fieldErrors(schema, converted, null, 'query')) };
  };
}

const DECIMAL = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** TypeBox would also convert `true`, `0x10` and, for an integer, `1.5`. */
function isTextOf(text: unknown, value: number): boolean {
  return typeof text === 'string' && DECIMAL.test(text) && Number(text) === value;
}

function isSmall(value: unknown): boolean {
  const rows = (value as Partial<Batch> | null)?.[ROWS_FIELD];
  return Array.isArray(rows) && rows.length <= ROWS_A_TURN;
}

/**
 * Validates batches and removes unknown fields that the schema does not forbid. The number of rows is checked
 * before any row.
 */
function batchValidator(schema: TObject): Validate {
  const { items: row, ...list } = schema.properties[ROWS_FIELD] as TArray;
  const envelope = {
    ...schema,
    properties: { [ROWS_FIELD]: { ...list, items: Type.Unknown() } },
  } as unknown as TObject;
  const [isBatch, isEnvelope, isRow] = [Compile(schema), Compile(envelope), Compile(row)];
  const ignoresUnknown = !('additionalProperties' in schema);

  const validate = (value: unknown) => {
    // Fast path: nearly all requests have few rows and no errors.
    if (!ignoresUnknown && isSmall(value) && isBatch.Check(value)) return { value };
    if (!isEnvelope.Check(value)) {
      return { error: invalidInput(fieldErrors(envelope, value, null, ROWS_FIELD)) };
    }
    const rows = (value as Batch)[ROWS_FIELD];
    const wrong: number[] = [];
    const checking = inTurns(rows, (slice, first) => {
      for (let i = 0; i < slice.length && wrong.length < MAX_FIELD_ERRORS; i++) {
        if (!isRow.Check(slice[i])) wrong.push(first + i);
        else if (ignoresUnknown) rows[first + i] = Value.Clean(row, slice[i]);
      }
    });
    if (!checking && wrong.length === 0) return { value };
    return (async () => {
      await checking;
      const errors: FieldError[] = [];
      await inTurns(
        wrong,
        (slice) => {
          for (const i of slice) errors.push(...fieldErrors(row, rows[i], i, ROWS_FIELD));
        },
        WRONG_ROWS_A_TURN,
      );
      if (errors.length > 0) throw invalidInput(errors);
    })();
  };
  return validate as Validate;
}
