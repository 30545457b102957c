/** Predicts every row of a file with a model in this process. The predictions equal those of the service. */
import { annotateFile } from '../../adapters/tables/annotate-file.ts';
import { columnNames } from '../../adapters/tables/column-names.ts';
import { placeOf } from '../../adapters/tables/header.ts';
import { tableFile } from '../../adapters/tables/table-file.ts';
import type { DeclaredColumn, TypedCell } from '../../adapters/tables/typed-rows.ts';
import type { UnitsOfWeather } from '../../contracts/workflows/batch-prediction.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { placeOfModel } from '../../contracts/former-place.ts';
import { hourToPredict } from '../../contracts/hour-to-predict.ts';
import type { HourlyInput } from '../../contracts/model.ts';
import { showValue } from '../../contracts/show-value.ts';
import {
  byColumn,
  weatherFacts,
  WEATHER_INPUT_FACTS,
  WEATHER_INPUTS,
} from '../../contracts/weather-columns.ts';
import { hourFromMetric } from '../../core/ingest/metric-weather.ts';
import type { ServingModel } from '../../core/serving/serving-model.ts';

/** Counts the rows of a predicted file. */
export interface PredictedRows {
  readonly rows: number;
  /** Number of rows with warnings. */
  readonly warnedRows: number;
}

const HOUR = 'hour';
/** Declares the columns before the weather: a time, an hour if the time is a day, and an optional holiday. */
const LEADING: readonly DeclaredColumn[] = [
  { name: 'date', as: 'time', required: true },
  { name: HOUR, as: 'number', required: false },
  { name: 'holiday', as: 'flag', required: false },
];
const READS: readonly DeclaredColumn[] = [
  ...LEADING,
  ...WEATHER_INPUT_FACTS.map(({ name, required }) => ({ name, as: cellKindOf(name), required })),
];
/** Limits the number of rows in an error. */
const MOST_ROWS = 5;

/** Returns the kind of a weather cell. Rain and snow may be a trace. */
function cellKindOf(name: (typeof WEATHER_INPUTS)[number]): DeclaredColumn['as'] {
  const { quantity } = weatherFacts(name);
  return quantity === 'rain' || quantity === 'snow' ? 'trace' : 'number';
}

/**
 * Writes the columns of `input`, followed by `prediction`, `lower`, `upper` (trips per hour; no bounds without an interval),
 * `imputed` and `warnings` (comma-separated names and codes). Reads `date` (`YYYY-MM-DDTHH:MM[:SS]`, or a day with a column
 * `hour`), `TMAX`, `TMIN`, `SNOW`, and `holiday` and the other weather columns if present.
 * @param units of the weather in the file.
 * @throws CitibikeError INVALID_INPUT that names the invalid rows (from 1, without the header) and fields, or the missing
 *   columns.
 */
export async function predictFile(
  model: ServingModel,
  input: string,
  output: string,
  units: UnitsOfWeather = 'imperial',
): Promise<PredictedRows> {
  // Without this check, a blank hour with a day at midnight would be hour 0.
  const hasHours = placeOf(await columnNames(tableFile(input)), HOUR) >= 0;
  const { timeZone } = placeOfModel(model.spec);
  let warnedRows = 0;
  const rows = await annotateFile(input, output, {
    reads: READS,
    adds: [
      { name: 'prediction', as: 'number' },
      { name: 'lower', as: 'number' },
      { name: 'upper', as: 'number' },
      { name: 'imputed', as: 'text' },
      { name: 'warnings', as: 'text' },
    ],
    annotate: (batch, first) =>
      model
        .predict(hoursOf(batch, { first, file: input, hasHours, units, timeZone }))
        .map(({ prediction, lower, upper, imputed, warnings }) => {
          if (warnings.length > 0) warnedRows += 1;
          const codes = warnings.map(({ code }) => code).join(',');
          return [prediction, lower, upper, imputed.join(','), codes];
        }),
  });
  return { rows, warnedRows };
}

interface Batch {
  /** Number of the first row. */
  readonly first: number;
  readonly file: string;
  /** True if the file has a column of hours, which every row then needs. */
  readonly hasHours: boolean;
  readonly units: UnitsOfWeather;
  /** Time zone of the model's place. */
  readonly timeZone: string;
}

function hoursOf(
  rows: readonly (readonly TypedCell[])[],
  { first, file, hasHours, units, timeZone }: Batch,
): HourlyInput[] {
  const isMetric = units === 'metric';
  const wrong: string[] = [];
  const hours: HourlyInput[] = [];
  for (const [i, [date, hour, holiday, ...weather]] of rows.entries()) {
    const checked = hourToPredict(
      {
        date,
        hour: hasHours ? (hour ?? '') : undefined,
        holiday,
        weather: byColumn(WEATHER_INPUTS, (name) => weather[WEATHER_INPUTS.indexOf(name)]),
      },
      { missing: 'impute', metric: isMetric, timeZone },
    );
    if (!Array.isArray(checked)) hours.push(isMetric ? hourFromMetric(checked) : checked);
    else {
      const texts = checked.map(
        ({ field, got, expected }) => `${field}: got ${showValue(got)}, expected ${expected}`,
      );
      wrong.push(`row ${first + i}: ${texts.join(', ')}`);
    }
  }
  if (wrong.length === 0) return hours;
  const more = wrong.length > MOST_ROWS ? `; and ${wrong.length - MOST_ROWS} more rows` : '';
  throw new CitibikeError('INVALID_INPUT', `${file}, ${wrong.slice(0, MOST_ROWS).join('; ')}${more}`);
}
