/** Defines the model folder that trainer, evaluation, registry and prediction service share. */
import type { PredictionWarning } from './prediction-warnings.ts';
import type { StoredFeatureSet } from './stored-names.ts';
import type { SystemId, Place } from './systems.ts';
import type { WeatherInput } from './weather-columns.ts';

/** Names the files of a model folder. MLflow adds its own `MLmodel`. */
export const MODEL_FILES = {
  /** TensorFlow.js layers model for `tf.loadLayersModel`: [n, features], scaled and clipped -> [n, heads]. */
  topology: 'model.json',
  weights: 'weights.bin',
  /** `ModelSpec`: everything between a weather forecast and the network, and between the network and trips per hour. */
  spec: 'spec.json',
} as const;

/** Holds the contents of a model folder by path. */
export type ModelFiles = Readonly<Record<string, Uint8Array>>;

/** Represents a network that another library computes, one row at a time. */
export interface ComputedNetwork {
  readonly features: number;
  readonly heads: number;
  /** Computes the heads. @param row scaled features, valid only during the call. */
  run(row: Float32Array): ArrayLike<number>;
}

/** Represents one hour to predict. The model imputes null weather from `ModelSpec.imputation` and names it in the answer. */
export interface HourlyInput {
  /** `YYYY-MM-DD`, local time of the model's place. */
  readonly date: string;
  /** 0..23 */
  readonly hour: number;
  /** 0 or 1; overrides the calendar of the model's place. */
  readonly holiday?: number;
  readonly weather: Readonly<Partial<Record<WeatherInput, number | null>>>;
  /** True if the caller wrote °C, mm and m/s, which warnings then use. `weather` itself is in °F, inches and mph. */
  readonly writtenInMetric?: boolean;
}

export interface DemandPrediction {
  /** Trips per hour over the whole system, never negative. */
  readonly prediction: number;
  /** Bounds of the 90 % interval. Null if the model has neither quantile heads nor a calibration. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Missing inputs that were filled from training statistics. */
  readonly imputed: readonly string[];
  /** Warnings about an hour or weather beyond the training data. */
  readonly warnings: readonly PredictionWarning[];
}

export interface ModelSpec {
  readonly schemaVersion: 1;
  readonly featureSet: StoredFeatureSet;
  /** Names in the order of the network's inputs. */
  readonly features: readonly string[];
  /** x' = clip((x − mean) / std, ±clip) per feature, in training and in serving. */
  readonly scaling: {
    readonly mean: readonly number[];
    readonly std: readonly number[];
    readonly clip: number;
  };
  /**
   * trips = (output · std + mean) · exp(growth.rate · days since growth.origin). The days are clamped to the growth span
   * (core/serving/growth-factor.ts).
   */
  readonly target: { readonly mean: number; readonly std: number };
  /** Growth per day from a log-linear model of the training span. Both are 0 without growth. The error widens the interval. */
  readonly growth: { readonly rate: number; readonly standardError: number; readonly origin: string };
  /** Meaning of each output of the network, in order: 'mean' alone, or quantiles such as [0.05, 0.5, 0.95]. */
  readonly heads: readonly ('mean' | number)[];
  /**
   * Factors by hour of day (24 numbers each) for the distance from the prediction to the interval's bounds. It is absent without
   * calibration. The distance is that to the heads .05 and .95, or the prediction itself if the only head is 'mean'
   * (core/serving/interval.ts).
   */
  readonly calibration?: { readonly below: readonly number[]; readonly above: readonly number[] };
  /** Training medians, for inputs that a caller omits; at least of those that the features are computed from. */
  readonly imputation: Readonly<Partial<Record<WeatherInput, number>>>;
  readonly trainedOn: {
    readonly system: SystemId;
    readonly from: string;
    readonly to: string;
    readonly hours: number;
    readonly synthetic: boolean;
    /** Lowest and highest value of each weather input in the training hours; older versions have none. */
    readonly weather?: Readonly<Partial<Record<WeatherInput, readonly [min: number, max: number]>>>;
  };
  /** Clock, sun and holidays of the features. Older versions have none and use that of contracts/former-place.ts. */
  readonly place?: Place;
  /** Mean daily maximum of January to December in °F at the place, for warnings about units. Older versions have none. */
  readonly normalHighs?: readonly number[];
  readonly backend: string;
  readonly seeds: readonly number[];
  /** Golden request with the answer of the trainer's backend. A service that differs by more than 1e-5 relative is not ready. */
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
  /** Percent, over hours with at least one trip. */
  readonly mape: number;
  /** Share of hours inside the 90 % interval, and its mean width. Both are absent without an interval. */
  readonly coverage?: number;
  readonly width?: number;
  /** Mean Winkler score of the 90 % interval: its width, plus 20 times the distance of hours outside it. */
  readonly winkler?: number;
}
