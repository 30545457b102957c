/** What a model folder holds, shared by trainer, evaluation, registry and prediction service. */
import type { PredictionWarning } from './prediction-warnings.ts';
import type { StoredFeatureSet } from './stored-names.ts';
import type { WeatherInput } from './weather-columns.ts';

/** Files of a model folder, beside MLflow's own `MLmodel`. */
export const MODEL_FILES = {
  /** TensorFlow.js layers model, loadable by stock `tf.loadLayersModel`: [n, features] scaled and clipped -> [n, heads]. */
  topology: 'model.json',
  weights: 'weights.bin',
  /** `ModelSpec` below: everything between a weather forecast and the network, and between the network and trips per hour. */
  spec: 'spec.json',
} as const;

/** Contents of a model folder by path. */
export type ModelFiles = Readonly<Record<string, Uint8Array>>;

/** A network that other code than ours computes, a row at a time. */
export interface ComputedNetwork {
  readonly features: number;
  readonly heads: number;
  /** @param row scaled features; not kept. @returns the heads. */
  run(row: Float32Array): ArrayLike<number>;
}

/** One hour to predict. Weather that is null is imputed from `ModelSpec.imputation` and named in the answer. */
export interface HourlyInput {
  /** `YYYY-MM-DD`, New York. */
  readonly date: string;
  /** 0..23 */
  readonly hour: number;
  /** Overrides the US federal calendar where given (0 or 1). */
  readonly holiday?: number;
  readonly weather: Readonly<Partial<Record<WeatherInput, number | null>>>;
  /** The caller wrote the weather in °C, mm and m/s: warnings repeat it so. `weather` itself is in °F, inches and mph. */
  readonly writtenInMetric?: boolean;
}

export interface DemandPrediction {
  /** Trips per hour over the whole system, never negative. */
  readonly prediction: number;
  /** Bounds of the model's own 90 % interval; null when it has neither quantile heads nor a calibration. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Inputs that were missing and filled from training statistics. */
  readonly imputed: readonly string[];
  /** Where the hour or its weather goes beyond the training data. */
  readonly warnings: readonly PredictionWarning[];
}

export interface ModelSpec {
  readonly schemaVersion: 1;
  readonly featureSet: StoredFeatureSet;
  /** Names in the network's input order. */
  readonly features: readonly string[];
  /** x' = clip((x − mean) / std, ±clip) per feature, in training and in serving. */
  readonly scaling: {
    readonly mean: readonly number[];
    readonly std: readonly number[];
    readonly clip: number;
  };
  /** trips = (output · std + mean) · exp(growth.rate · days since growth.origin); the days are held at the ends of the growth span (core/serving/growth-factor.ts). */
  readonly target: { readonly mean: number; readonly std: number };
  /** Growth a day from the training span's log-linear model; rate and standard error 0 when switched off. The latter widens the interval. */
  readonly growth: { readonly rate: number; readonly standardError: number; readonly origin: string };
  /** Meaning of each output of the network, in order: 'mean' alone, or quantiles such as [0.05, 0.5, 0.95]. */
  readonly heads: readonly ('mean' | number)[];
  /**
   * Factors by hour of day (24 numbers each) on the distance from the prediction to the interval's bounds; absent when not calibrated.
   * The distance is that to the heads .05 and .95, or, where there is only 'mean', the prediction itself (core/serving/interval.ts).
   */
  readonly calibration?: { readonly below: readonly number[]; readonly above: readonly number[] };
  /** Training medians, for inputs a caller leaves out. */
  readonly imputation: Readonly<Record<WeatherInput, number>>;
  readonly trainedOn: {
    readonly system: 'nyc' | 'jc';
    readonly from: string;
    readonly to: string;
    readonly hours: number;
    readonly synthetic: boolean;
    /** Lowest and highest value of each weather input in the training hours; older versions have none. */
    readonly weather?: Readonly<Record<WeatherInput, readonly [min: number, max: number]>>;
  };
  readonly backend: string;
  readonly seeds: readonly number[];
  /** An input and the answer the trainer's own backend gave for it; a service that does not reproduce it within 1e-5 relative is not ready. */
  readonly golden: { readonly input: HourlyInput; readonly prediction: number };
}

export interface RegressionMetrics {
  readonly rows: number;
  /** Trips per hour. */
  readonly rmse: number;
  readonly mae: number;
  readonly r2: number;
  /** Mean of prediction − actual. */
  readonly bias: number;
  /** Percent, over hours with at least one trip; hours without are left out. */
  readonly mape: number;
  /** Share of hours inside the 90 % interval, and its mean width; absent when the model has none. */
  readonly coverage?: number;
  readonly width?: number;
  /** Mean Winkler score of the 90 % interval: its width, and 20 times the distance to it where an hour lies outside. */
  readonly winkler?: number;
}
