/** Loads a model for serving: it maps hours and weather to trips per hour with an interval. */
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import {
  MODEL_FILES,
  type ComputedNetwork,
  type DemandPrediction,
  type HourlyInput,
  type ModelFiles,
  type ModelSpec,
} from '../../contracts/model.ts';
import { NO_WARNINGS, type PredictionWarning } from '../../contracts/prediction-warnings.ts';
import { WEATHER_INPUTS, type WeatherInput } from '../../contracts/weather-columns.ts';
import { epochDayOf } from '../../contracts/calendar.ts';
import { resolveHour, featuresOfModel } from '../features/feature-row.ts';
import { computedForwardPass, type ForwardPass } from './forward-pass.ts';
import { growthFactorAt, growthSpanOf, heldDays } from './growth-factor.ts';
import {
  calibratedForecast,
  forecastOf,
  growthMargin,
  intervalOf,
  orderOfHeads,
  type HeadOrder,
  type RawForecast,
} from './interval.ts';
import { isUnknownShape, readLayersModel } from './layers-format.ts';
import { createHourWarnings } from './hour-warnings.ts';
import { compileSimdForwardPass } from './simd-forward-pass.ts';
import { showValue } from '../../contracts/show-value.ts';
import type { FeatureSet } from '../features/feature-set.ts';

export interface ServingModel {
  readonly spec: ModelSpec;
  readonly forwardPass: ForwardPass['kind'];
  /** Weather inputs that its features read. */
  readonly weatherInputs: readonly WeatherInput[];
  /**
   * Predicts trips per hour for each row, in order.
   * @throws CitibikeError INVALID_INPUT for an invalid date or hour, with the index of the row.
   */
  predict(rows: readonly HourlyInput[]): DemandPrediction[];
  /**
   * Predicts each row with its calibrated distances to the bounds of the 90 % interval, without the error of growth, for which a
   * caller has `growthMarginAt`. A model without an interval has distances of 0.
   */
  spreads(rows: readonly HourlyInput[]): RawForecast[];
  /** Returns the margin of growth on a day (`YYYY-MM-DD`), as a share of the prediction on each side of the 90 % interval. */
  growthMarginAt(date: string): number;
  /** The same network with a growth rate of 0, to show what growth adds. */
  withoutGrowth(): ServingModel;
  /** Predicts from raw, unscaled features in the order of `spec.features`. Growth and calibration need the hour. */
  predictFeatures(
    features: Float64Array,
    when: { readonly date: string; readonly hour: number },
  ): Omit<DemandPrediction, 'imputed' | 'warnings'>;
}

/** Limits the relative difference from the golden answer. The difference of float32 and float64 stays well below it. */
const GOLDEN_TOLERANCE = 1e-5;

/**
 * @param parts hold the parsed `spec.json` and `model.json`, and the bytes of `weights.bin`.
 * @throws CitibikeError BAD_MODEL when the parts do not fit together.
 */
export function loadServingModel(parts: {
  spec: ModelSpec;
  topology: unknown;
  weights: Uint8Array;
  /** If it is omitted, topology and weights are compiled. */
  pass?: ForwardPass | undefined;
}): ServingModel {
  const { spec } = parts;
  if (spec.schemaVersion !== 1) {
    throw new CitibikeError(
      'BAD_MODEL',
      `spec.json: schemaVersion: got ${showValue(spec.schemaVersion)}, expected 1; train the model again`,
    );
  }
  const set = featuresOfModel(spec);
  const pass = parts.pass ?? compiledPass(parts);
  if (pass.features !== spec.features.length || pass.heads !== spec.heads.length) {
    throw new CitibikeError(
      'BAD_MODEL',
      `model.json: the network maps ${pass.features} features to ${pass.heads} heads, expected ${spec.features.length} and ${spec.heads.length} as in spec.json`,
    );
  }
  const order = orderOfHeads(spec.heads);
  if (order.middle < 0)
    throw new CitibikeError(
      'BAD_MODEL',
      `spec.json: expected a head 'mean' or 0.5, got ${spec.heads.join(', ')}`,
    );
  const factors = factorsOf(spec, order);
  const origin = epochDayOf(spec.growth.origin);
  const span = growthSpanOf(spec);
  const warningsOf = createHourWarnings(set, spec);
  const row = new Float64Array(pass.features);
  const out = new Float64Array(pass.heads);

  // Level and interval stop growing at the same day.
  const daysAt = (day: number) => heldDays(day - origin, span);
  const finish = (
    day: number,
    hour: number,
    imputed: readonly string[],
    warnings: readonly PredictionWarning[],
  ): DemandPrediction => {
    const days = daysAt(day);
    const forecast = forecastOf(out, 0, order, spec.target, growthFactorAt(spec.growth, days));
    const prediction = Math.max(0, forecast.middle);
    if (!factors) return { prediction, lower: null, upper: null, imputed, warnings };
    const { lower, upper } = intervalOf(forecast, factors[hour]!, growthMargin(spec, days));
    return { prediction, lower, upper, imputed, warnings };
  };

  return {
    spec,
    forwardPass: pass.kind,
    weatherInputs: WEATHER_INPUTS.filter((name) => set.weather.includes(name)),
    withoutGrowth: () =>
      loadServingModel({ ...parts, spec: { ...spec, growth: { ...spec.growth, rate: 0 } } }),
    predict: (rows) =>
      rows.map((input, index) => {
        const { resolved, imputed } = resolveRow(set, input, spec, index);
        set.write(resolved, row, 0);
        pass.run(row, 0, out);
        return finish(resolved.day, resolved.hour, imputed, warningsOf(input, resolved.day));
      }),
    spreads: (rows) =>
      rows.map((input, index) => {
        const { resolved } = resolveRow(set, input, spec, index);
        set.write(resolved, row, 0);
        pass.run(row, 0, out);
        const growth = growthFactorAt(spec.growth, daysAt(resolved.day));
        const forecast = forecastOf(out, 0, order, spec.target, growth);
        const factor = factors?.[resolved.hour] ?? { below: 0, above: 0 };
        return calibratedForecast(forecast, factor);
      }),
    growthMarginAt: (date) => growthMargin(spec, daysAt(epochDayOf(date))),
    predictFeatures: (features, when) => {
      pass.run(features, 0, out);
      const { prediction, lower, upper } = finish(epochDayOf(when.date), when.hour, [], NO_WARNINGS);
      return { prediction, lower, upper };
    },
  };
}

function compiledPass(parts: { spec: ModelSpec; topology: unknown; weights: Uint8Array }): ForwardPass {
  return compileSimdForwardPass(readLayersModel(parts.topology, parts.weights), parts.spec.scaling);
}

/** Returns the calibration factors by hour, or undefined if the model has no interval. */
function factorsOf({ calibration, heads }: ModelSpec, order: HeadOrder) {
  if (!calibration) {
    const hasBounds = order.low >= 0 && order.high >= 0;
    return hasBounds ? Array.from({ length: 24 }, () => ({ below: 1, above: 1 })) : undefined;
  }
  const { below, above } = calibration;
  if (below?.length !== 24 || above?.length !== 24) {
    throw new CitibikeError(
      'BAD_MODEL',
      `spec.json: calibration of heads ${heads.join(', ')}: expected 24 factors 'below' and 24 'above'; train the model again`,
    );
  }
  return below.map((factor, hour) => ({ below: factor, above: above[hour]! }));
}

function resolveRow(set: FeatureSet, input: HourlyInput, spec: ModelSpec, index: number) {
  try {
    return resolveHour(set, input, spec.imputation);
  } catch (error) {
    if (!(error instanceof CitibikeError)) throw error;
    throw new CitibikeError(
      error.code,
      `row ${index}: ${error.message}`,
      { ...error.details, row: index },
      { cause: error },
    );
  }
}

/**
 * Loads a model folder and checks its answer to the golden request.
 * @param files maps the names of `MODEL_FILES` to their contents; other files are ignored.
 * @param pass computes a network that cannot be compiled.
 * @throws CitibikeError BAD_MODEL when a file is missing or broken, or the golden answer differs by more than 1e-5 relative.
 */
export function parseModelFiles(files: ModelFiles, pass?: ForwardPass): ServingModel {
  const spec = parseJson(files, MODEL_FILES.spec) as ModelSpec;
  const topology = parseJson(files, MODEL_FILES.topology);
  const weights = fileOf(files, MODEL_FILES.weights);
  const model = loadServingModel({ spec, topology, weights, pass });
  const { input, prediction: expected } = spec.golden;
  const got = model.predict([input])[0]!.prediction;
  // The negation makes NaN fail too.
  if (!(Math.abs(got - expected) <= GOLDEN_TOLERANCE * Math.max(1, Math.abs(expected)))) {
    throw new CitibikeError(
      'BAD_MODEL',
      `golden request of ${input.date} ${input.hour}:00 gave ${got}, expected ${expected}: the weights differ from the trained ones; train the model again`,
      { got, expected },
    );
  }
  return model;
}

/**
 * Loads a model folder like `parseModelFiles`, and also accepts networks that only TensorFlow.js can compute.
 * @param otherwise loads a network that cannot be compiled.
 */
export async function loadModelFiles(
  files: ModelFiles,
  otherwise: (files: ModelFiles) => Promise<ComputedNetwork>,
): Promise<ServingModel> {
  try {
    return parseModelFiles(files);
  } catch (error) {
    if (!isUnknownShape(error)) throw error;
    const { scaling } = parseJson(files, MODEL_FILES.spec) as ModelSpec;
    return parseModelFiles(files, computedForwardPass(await otherwise(files), scaling));
  }
}

function fileOf(files: ModelFiles, name: string): Uint8Array {
  const content = files[name];
  if (content) return content;
  throw new CitibikeError(
    'BAD_MODEL',
    `${name} is missing from the model folder, which contains: ${Object.keys(files).join(', ') || 'nothing'}`,
  );
}

function parseJson(files: ModelFiles, name: string): unknown {
  const content = fileOf(files, name);
  try {
    return JSON.parse(new TextDecoder().decode(content));
  } catch (error) {
    throw new CitibikeError('BAD_MODEL', `${name} is not JSON: ${messageOf(error)}`, {}, { cause: error });
  }
}
