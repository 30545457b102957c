/** Accepts `?units=metric`: checks a batch in the caller's units and converts it before anything else reads it. */
import type { FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { TObject } from 'typebox';
import { WEATHER_INPUTS } from '../contracts/weather-columns.ts';
import { weatherFromMetric } from '../core/ingest/metric-weather.ts';
import type { FieldError } from '../adapters/fastify/problem.ts';
import { temperatureProblem } from '../contracts/hour-to-predict.ts';
import { unitOf } from '../contracts/weather-ranges.ts';
import { invalidInput, MAX_FIELD_ERRORS } from './field-errors.ts';
import { inTurns } from './in-turns.ts';
import { rowErrorOf } from './requested-hours.ts';
import { ROWS_FIELD } from './schemas/body-limits.ts';
import { metricBatch } from './schemas/metric-batch.ts';
import { validatorCompiler } from './validator-compiler.ts';

type Row = Record<string, unknown> & Record<'TMAX' | 'TMIN', number>;
type Checked = { readonly error?: Error } | undefined;

export function isMetric(query: unknown): boolean {
  return (query as { units?: unknown }).units === 'metric';
}

/**
 * Returns a `preValidation` hook for a route with this body. It uses a callback, because a promise would delay every request by
 * one turn of the event loop; only metric requests await.
 */
export function metricBody(batch: TObject) {
  const validate = validatorCompiler({
    schema: metricBatch(batch),
    httpPart: 'body',
    method: 'POST',
    url: '',
  }) as (body: unknown) => Checked | Promise<Checked>;

  const convert = async (body: unknown): Promise<void> => {
    const problem = await validate(body);
    if (problem?.error) throw problem.error;
    const rows = (body as Record<typeof ROWS_FIELD, Row[]>)[ROWS_FIELD];
    const errors: FieldError[] = [];
    await inTurns(rows, (slice, first) => {
      for (let i = 0; i < slice.length && errors.length < MAX_FIELD_ERRORS; i++) {
        // The check uses the caller's values, because conversion rounds.
        const problem = temperatureProblem(slice[i]!, unitOf('TMAX', true));
        if (problem) errors.push({ row: first + i, ...rowErrorOf(problem) });
        else toImperialRow(slice[i]!);
      }
    });
    if (errors.length > 0) throw invalidInput(errors);
  };

  return (request: FastifyRequest, _reply: unknown, done: HookHandlerDoneFunction): void => {
    if (!isMetric(request.query)) done();
    else convert(request.body).then(() => done(), done);
  };
}

function toImperialRow(row: Row): void {
  for (const name of WEATHER_INPUTS) {
    const value = row[name];
    if (typeof value === 'number') row[name] = weatherFromMetric(name, value);
  }
}
