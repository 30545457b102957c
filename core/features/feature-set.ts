/** A feature set turns one hour into numbers: the same function for training and for serving, so that the two cannot disagree. */
import type { ModelSpec } from '../../contracts/model.ts';
import type { WeatherInput } from '../../contracts/weather-columns.ts';

/** An hour with nothing left open. */
export interface ResolvedHour {
  /** Days since 1970-01-01, New York. */
  readonly day: number;
  /** 0..23, wall clock. */
  readonly hour: number;
  /** 1 on a federal holiday, or as the caller said. */
  readonly holiday: number;
  /** In the units of contracts/weather-columns.ts. */
  readonly weather: Readonly<Record<WeatherInput, number>>;
}

export interface FeatureSet {
  readonly name: ModelSpec['featureSet'];
  /** Names in the network's input order. */
  readonly features: readonly string[];
  /** What of the weather it reads; only these count as imputed when missing. */
  readonly weather: readonly WeatherInput[];
  /** Writes `features.length` raw, unscaled numbers from `offset` on. */
  write(input: ResolvedHour, out: Float64Array, offset: number): void;
}
