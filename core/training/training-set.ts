/** Turns a frame into the numbers that a network trains on. Scaling, growth and imputation use only the rows of the frame. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { FrameRow } from '../../contracts/frame.ts';
import type { HourlyInput, ModelSpec } from '../../contracts/model.ts';
import { WEATHER_INPUTS, type WeatherInput } from '../../contracts/weather-columns.ts';
import { epochDayOf } from '../../contracts/calendar.ts';
import { featureSetOf, resolveHour } from '../features/feature-row.ts';
import type { Place } from '../../contracts/systems.ts';
import type { FeatureSet } from '../features/feature-set.ts';
import { checkRows } from './check-frame.ts';
import { scaled } from '../serving/forward-pass.ts';
import { growthFactorAt } from '../serving/growth-factor.ts';
import { estimateGrowth } from './growth.ts';

/** Lists the standard deviations at which features are clipped, to limit the effect of unseen weather. */
const CLIP = 5;

export interface TrainingSet {
  readonly set: FeatureSet;
  readonly inputs: readonly HourlyInput[];
  readonly trips: readonly number[];
  /** Growth factor of each row: target = output · factor. */
  readonly growthFactor: readonly number[];
  readonly imputation: ModelSpec['imputation'];
  readonly place: Place;
  readonly weather: NonNullable<ModelSpec['trainedOn']['weather']>;
  readonly scaling: ModelSpec['scaling'];
  readonly target: ModelSpec['target'];
  readonly growth: ModelSpec['growth'];
  /** [rows, features], scaled and clipped. */
  readonly x: Float32Array;
  /** [rows], standardised trips without growth. */
  readonly y: Float32Array;
  /** Row of the golden request: the busiest hour, where rounding matters least for a relative difference. */
  readonly goldenRow: number;
}

export function inputOf(row: FrameRow): HourlyInput {
  const weather = Object.fromEntries(WEATHER_INPUTS.map((name) => [name, row[name]]));
  return { date: row.date, hour: row.hour, holiday: row.holiday, weather };
}

/**
 * @param rows a frame, sorted by (date, hour).
 * @param options `growth` divides the target by the growth of the rows. Without it, rate and standard error are 0. `place` has the
 *   clock, sun and holidays of the features.
 * @throws CitibikeError TRAINING_FAILED when there are too few rows, the target is constant, or a number is not finite.
 */
export function prepareTraining(
  rows: readonly FrameRow[],
  featureSet: ModelSpec['featureSet'],
  options: { readonly growth: boolean; readonly place: Place },
): TrainingSet {
  checkRows(rows);
  const { timeZone, latitude, longitude, holidays } = options.place;
  const place = { timeZone, latitude, longitude, holidays };
  const set = featureSetOf(featureSet, place);
  const inputs = rows.map(inputOf);
  const imputation = trainingMedians(rows, set);
  const width = set.features.length;
  const raw = new Float64Array(rows.length * width);
  inputs.forEach((input, i) => set.write(resolveHour(set, input, imputation).resolved, raw, i * width));
  const scaling = { ...columnStatistics(raw, width), clip: CLIP };
  const x = new Float32Array(raw.length);
  for (let i = 0; i < raw.length; i++) x[i] = scaled(raw[i]!, i % width, scaling);

  const estimate = estimateGrowth(rows);
  const growth = options.growth ? estimate : { ...estimate, rate: 0, standardError: 0 };
  const origin = epochDayOf(growth.origin);
  const growthFactor = rows.map(({ date }) => growthFactorAt(growth, epochDayOf(date) - origin));
  const trips = rows.map((row) => row.trips);
  const level = Float64Array.from(trips, (value, i) => value / growthFactor[i]!);
  const statistics = columnStatistics(level, 1);
  const target = { mean: statistics.mean[0]!, std: statistics.std[0]! };
  const y = Float32Array.from(level, (value) => (value - target.mean) / target.std);
  const goldenRow = trips.indexOf(trips.reduce((most, value) => Math.max(most, value), 0));
  return {
    set,
    place,
    inputs,
    trips,
    growthFactor,
    imputation,
    weather: observedRanges(rows),
    scaling,
    target,
    growth,
    x,
    y,
    goldenRow,
  };
}

/** Omits inputs without a value that the features do not read, such as a column that older data lack. */
function trainingMedians(rows: readonly FrameRow[], { weather }: FeatureSet): ModelSpec['imputation'] {
  const medians = WEATHER_INPUTS.flatMap((name) => {
    const values = observedValues(rows, name);
    if (values.length === 0) {
      if (!weather.includes(name)) return [];
      throw new CitibikeError(
        'TRAINING_FAILED',
        `weather column ${name} has no value in the training frame, expected at least one; fetch the weather again or train on other months`,
        { column: name },
      );
    }
    const middle = values.length / 2;
    return [[name, (values[Math.ceil(middle) - 1]! + values[Math.floor(middle)]!) / 2]];
  });
  return Object.fromEntries(medians) as ModelSpec['imputation'];
}

function observedRanges(rows: readonly FrameRow[]): TrainingSet['weather'] {
  const ranges = WEATHER_INPUTS.flatMap((name) => {
    const values = observedValues(rows, name);
    return values.length === 0 ? [] : [[name, [values[0]!, values.at(-1)!]]];
  });
  return Object.fromEntries(ranges) as TrainingSet['weather'];
}

/** Returns the observed values of a column in ascending order. */
function observedValues(rows: readonly FrameRow[], name: WeatherInput): number[] {
  return rows
    .flatMap(({ [name]: value }) => (typeof value === 'number' && Number.isFinite(value) ? [value] : []))
    .sort((a, b) => a - b);
}

/** Returns mean and standard deviation of each column. A constant column gets 1 and scales to 0. */
function columnStatistics(values: Float64Array, width: number): { mean: number[]; std: number[] } {
  const rows = values.length / width;
  const mean = new Array<number>(width).fill(0);
  const std = new Array<number>(width).fill(0);
  for (let i = 0; i < values.length; i++) mean[i % width]! += values[i]! / rows;
  for (let i = 0; i < values.length; i++) std[i % width]! += (values[i]! - mean[i % width]!) ** 2 / rows;
  return { mean, std: std.map((variance) => (variance > 1e-18 ? Math.sqrt(variance) : 1)) };
}
