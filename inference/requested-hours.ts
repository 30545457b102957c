/** Converts the rows of a request to the hours to predict, and reports errors beyond the schema. */
import { CitibikeError } from '../contracts/errors.ts';
import { temperatureProblem, type FieldProblem } from '../contracts/hour-to-predict.ts';
import type { HourlyInput } from '../contracts/model.ts';
import { tripHour } from '../contracts/trip-hour.ts';
import { nearestDateFor } from '../core/features/assumed-date.ts';
import { inTurns } from './in-turns.ts';
import type { FieldError } from '../adapters/fastify/problem.ts';
import type { FeatureRow, TripRow } from './schemas/predict.ts';
import { invalidInput, MAX_FIELD_ERRORS } from './field-errors.ts';

export type RowError = Omit<FieldError, 'row'>;

/**
 * Converts every row, in order.
 * @throws HttpProblem 422 with the errors of all rows, up to the limit.
 */
export async function hoursOf<Row>(
  rows: readonly Row[],
  toHour: (row: Row) => HourlyInput | RowError,
): Promise<HourlyInput[]> {
  const hours: HourlyInput[] = [];
  const errors: FieldError[] = [];
  await inTurns(rows, (slice, first) => {
    for (let i = 0; i < slice.length && errors.length < MAX_FIELD_ERRORS; i++) {
      const hour = toHour(slice[i]!);
      if ('field' in hour) errors.push({ row: first + i, ...hour });
      else hours.push(hour);
    }
  });
  if (errors.length > 0) throw invalidInput(errors);
  return hours;
}

/** @param timeZone of the place of the model that answers. */
export function hourOfTrip(row: TripRow, timeZone: string): HourlyInput | RowError {
  const when = tripHour(row.date, timeZone);
  if (typeof when === 'string') return { field: 'date', message: `expected ${when}`, got: row.date };
  const problem = temperatureProblem(row);
  if (problem) return rowErrorOf(problem);
  return { ...when, holiday: row.holiday, weather: row };
}

export function hourOfFeatures(row: FeatureRow, today: string): HourlyInput | RowError {
  const problem = temperatureProblem(row);
  if (problem) return rowErrorOf(problem);
  try {
    const { date, hour } = nearestDateFor(row, today);
    return { date, hour, holiday: row.holiday, weather: row };
  } catch (error) {
    if (!(error instanceof CitibikeError)) throw error;
    const { field, value } = error.details as { field?: string; value?: unknown };
    return { field: field ?? 'hr_sin', message: error.message, got: value };
  }
}

export function rowErrorOf({ field, got, expected }: FieldProblem): RowError {
  return { field, message: `expected ${expected}`, got };
}
