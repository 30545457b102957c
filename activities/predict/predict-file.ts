/** Predictions for every row of a file, by a model in this process: what the service answers, without the service. */
import { annotateFile, type SourceCell } from '../../adapters/duckdb/annotate-file.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { HourlyInput } from '../../contracts/model.ts';
import { showValue } from '../../contracts/show-value.ts';
import { WEATHER_INPUTS } from '../../contracts/weather-columns.ts';
import { tripHour } from '../../contracts/trip-hour.ts';
import type { ServingModel } from '../../core/model/serving-model.ts';

/** Before the weather: the time, and the hour where the time is only a day. */
const LEADING = [
  { name: 'date', as: 'text', required: true },
  { name: 'hour', as: 'number', required: false },
  { name: 'holiday', as: 'number', required: false },
] as const;
/** As for the service: without these a prediction is no forecast. A single value that is missing is imputed and named. */
const REQUIRED_WEATHER = ['TMAX', 'TMIN', 'SNOW'];
/** Rows named in an error. */
const MAX_ERRORS = 5;

/**
 * Writes the columns of `input` with `prediction`, `lower`, `upper` (trips per hour; the bounds null where the model has none) and
 * `imputed` (names, comma-separated) behind them. Columns read: `date` (`YYYY-MM-DDTHH:MM[:SS]`, or a day with a column `hour`), `TMAX`,
 * `TMIN`, `SNOW`, and where there are such: `PRCP`, `SNWD`, `AWND`, `PRCP_yesterday`, `holiday`.
 * @returns rows.
 * @throws CitibikeError INVALID_INPUT naming the rows (from 1, without the header), or the columns that are missing.
 */
export async function predictFile(model: ServingModel, input: string, output: string): Promise<number> {
  return annotateFile(input, output, {
    reads: [
      ...LEADING,
      ...WEATHER_INPUTS.map((name) => ({
        name,
        as: 'number' as const,
        required: REQUIRED_WEATHER.includes(name),
      })),
    ],
    adds: [
      { name: 'prediction', type: 'number' },
      { name: 'lower', type: 'number' },
      { name: 'upper', type: 'number' },
      { name: 'imputed', type: 'text' },
    ],
    annotate: (rows, first) =>
      model
        .predict(hoursOf(rows, first, input))
        .map(({ prediction, lower, upper, imputed }) => [prediction, lower, upper, imputed.join(',')]),
  });
}

function hoursOf(rows: readonly (readonly SourceCell[])[], first: number, file: string): HourlyInput[] {
  const wrong: string[] = [];
  const hours: HourlyInput[] = [];
  rows.forEach((row, i) => {
    const hour = hourOf(row);
    if (typeof hour !== 'string') hours.push(hour);
    else wrong.push(`row ${first + i + 1}: ${hour}`);
  });
  if (wrong.length === 0) return hours;
  const more = wrong.length > MAX_ERRORS ? `; and ${wrong.length - MAX_ERRORS} more` : '';
  throw new CitibikeError('INVALID_INPUT', `${file}: ${wrong.slice(0, MAX_ERRORS).join('; ')}${more}`);
}

/** A row as the hour to predict, or what is wrong with it in words. */
function hourOf(cells: readonly SourceCell[]): HourlyInput | string {
  const [date, hour, holiday, ...weather] = cells;
  const text = String(date ?? '').replace(' ', 'T');
  const withHour =
    typeof hour === 'number' ? `${text.slice(0, 10)}T${String(hour).padStart(2, '0')}:00` : text;
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(withHour)) {
    return `date: got ${showValue(date)}, expected YYYY-MM-DDTHH:MM, or a day with a column hour from 0 to 23`;
  }
  const when = tripHour(withHour);
  if (typeof when === 'string') return `date: got ${showValue(withHour)}, expected ${when}`;
  if (typeof holiday === 'number' && holiday !== 0 && holiday !== 1)
    return `holiday: got ${holiday}, expected 0 or 1`;
  return {
    ...when,
    ...(typeof holiday === 'number' ? { holiday } : {}),
    weather: Object.fromEntries(WEATHER_INPUTS.map((name, i) => [name, weather[i] as number | null])),
  };
}
