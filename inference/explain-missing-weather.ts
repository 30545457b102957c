/** Explains rejected rows without weather: which days the weather forecast reaches, and what to send instead. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem, type FieldError } from '../adapters/fastify/problem.ts';
import { hasDayForm } from '../contracts/calendar.ts';
import { REQUIRED_WEATHER_INPUTS } from '../contracts/weather-columns.ts';
import { invalidInput } from './field-errors.ts';
import { isWithoutWeather, type ForecastWeather } from './fill-weather.ts';
import { ROWS_FIELD } from './schemas/body-limits.ts';

const REQUIRED: readonly string[] = REQUIRED_WEATHER_INPUTS;

/** Returns the error handler of a route. It runs for rejected requests alone, so that accepted ones cost nothing. */
export function explainMissingWeather(app: FastifyInstance) {
  return (error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    const errors = error instanceof HttpProblem && error.status === 422 ? error.facts.errors : undefined;
    const told = errors?.map((one) => explained(app, request.body, one));
    const isExplained = told?.some((one, i) => one !== errors?.[i]);
    // The handler of the service answers what this one sends.
    void reply.send(told && isExplained ? invalidInput(told) : error);
  };
}

function explained({ forecasts }: FastifyInstance, body: unknown, error: FieldError): FieldError {
  if (typeof error.row !== 'number' || !REQUIRED.includes(error.field)) return error;
  const row = (body as Partial<Record<typeof ROWS_FIELD, readonly unknown[]>>)[ROWS_FIELD]?.[error.row];
  if (!isWithoutWeather(row)) return error;
  const day = row.date.slice(0, 10);
  return hasDayForm(day)
    ? { ...error, message: `${error.message}; ${reachOf(forecasts.weather, day)}` }
    : error;
}

/** Says how far the weather forecast reaches, and what to do about a day beyond it. */
function reachOf(weather: ForecastWeather | undefined, day: string): string {
  const send = `send ${REQUIRED.join(', ')}`;
  if (!weather)
    return `the row has no weather, and no forecast has been issued: ${send}, or issue one (run: citibike run forecast)`;
  const days = [...weather.days.keys()].sort();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined)
    return `the row has no weather, and the forecast of ${weather.issuedAt} has climatology alone: ${send}, or issue one from a weather forecast (run: citibike run forecast)`;
  return `the row has no weather, and the weather forecast does not reach ${day}, only ${first} to ${last}: ${send}, or ask for a day that it reaches`;
}
