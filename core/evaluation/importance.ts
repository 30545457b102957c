/**
 * Computes permutation importance (Breiman 2001, section 10; Fisher, Rudin & Dominici 2019): the increase of the error if one input
 * comes from another hour. An input is exchanged with all columns that follow from it, such as the position of the sun with the hour.
 * Correlated inputs look less important than they are.
 */
import type { FrameRow } from '../../contracts/frame.ts';
import {
  WEATHER_INPUT_FACTS,
  WEATHER_QUANTITIES,
  type WeatherInput,
} from '../../contracts/weather-columns.ts';
import { weekdayOf } from '../../contracts/calendar.ts';
import type { FeatureSet, ResolvedHour } from '../features/feature-set.ts';
import { featuresOfModel, resolveHour } from '../features/feature-row.ts';
import { regressionMetrics } from './regression-metrics.ts';
import { seededRandom, shuffledIndices } from '../random.ts';
import type { ServingModel } from '../serving/serving-model.ts';
import { inputOf } from '../training/training-set.ts';

export interface Importance {
  /** Name of the input that was exchanged between hours. */
  readonly name: string;
  /** Mean increase of the RMSE over the repetitions, in trips per hour. It may be slightly negative for unimportant inputs. */
  readonly rmseIncrease: number;
  /** Standard deviation over the repetitions. */
  readonly deviation: number;
}

export interface ImportanceOptions {
  readonly seed: number;
  readonly repetitions: number;
  /** Maximum number of rows. From more rows, every n-th is used. */
  readonly mostRows: number;
}

const IMPORTANCE: ImportanceOptions = { seed: 42, repetitions: 3, mostRows: 1_500 };

interface Exchange {
  readonly name: string;
  /** Weather columns that are exchanged. The list is empty for calendar and clock. */
  readonly weather: readonly WeatherInput[];
  /** Returns the row with the input of the donor. */
  readonly with: (row: ResolvedHour, donor: ResolvedHour) => ResolvedHour;
}

function weather(name: string, columns: readonly WeatherInput[]): Exchange {
  return {
    name,
    weather: columns,
    with: (row, donor) => ({
      ...row,
      weather: {
        ...row.weather,
        ...Object.fromEntries(columns.map((column) => [column, donor.weather[column]])),
      },
    }),
  };
}

const EXCHANGES: readonly Exchange[] = [
  { name: 'hour of day', weather: [], with: (row, { hour }) => ({ ...row, hour }) },
  {
    // A day of the same week keeps the season.
    name: 'weekday',
    weather: [],
    with: (row, donor) => ({ ...row, day: row.day - weekdayOf(row.day) + weekdayOf(donor.day) }),
  },
  {
    // The donor's week keeps the weekday.
    name: 'season',
    weather: [],
    with: (row, donor) => ({ ...row, day: donor.day - weekdayOf(donor.day) + weekdayOf(row.day) }),
  },
  { name: 'holiday', weather: [], with: (row, { holiday }) => ({ ...row, holiday }) },
  ...WEATHER_QUANTITIES.map((quantity) =>
    weather(
      quantity,
      WEATHER_INPUT_FACTS.filter((facts) => facts.quantity === quantity).map(({ name }) => name),
    ),
  ),
];

/**
 * Yields the importance of one input after the other, so that the caller can do other work in between. It omits inputs that the
 * model's feature set does not read.
 */
export function* permutationImportances(
  model: ServingModel,
  rows: readonly FrameRow[],
  options: ImportanceOptions = IMPORTANCE,
): Generator<Importance> {
  const set = featuresOfModel(model.spec);
  const step = Math.ceil(rows.length / options.mostRows);
  const chosen = rows.filter((_, i) => i % step === 0);
  const resolved = chosen.map((row) => resolveHour(set, inputOf(row), model.spec.imputation).resolved);
  const rmse = rmseOver(model, set, chosen);
  const unchanged = rmse(resolved);
  for (const [e, exchange] of EXCHANGES.entries()) {
    const { name, weather } = exchange;
    if (weather.length > 0 && !weather.some((column) => set.weather.includes(column))) continue;
    const increases = Array.from({ length: options.repetitions }, (_, repetition) => {
      const donors = shuffledIndices(chosen.length, seededRandom(options.seed, e, repetition));
      return rmse(resolved.map((row, i) => exchange.with(row, resolved[donors[i]!]!))) - unchanged;
    });
    yield { name, ...meanAndDeviation(increases) };
  }
}

/** Returns the RMSE with exchanged features. Growth and calibration remain those of the row's own day and hour. */
function rmseOver(model: ServingModel, set: FeatureSet, rows: readonly FrameRow[]) {
  const features = new Float64Array(set.features.length);
  return (told: readonly ResolvedHour[]): number =>
    regressionMetrics(
      told.map((hour, i) => {
        const { date, hour: own, trips } = rows[i]!;
        set.write(hour, features, 0);
        return {
          actual: trips,
          prediction: model.predictFeatures(features, { date, hour: own }).prediction,
        };
      }),
    ).rmse;
}

function meanAndDeviation(values: readonly number[]): { rmseIncrease: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance =
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { rmseIncrease: mean, deviation: Math.sqrt(variance) };
}
