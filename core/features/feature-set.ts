/** A feature set turns one hour into numbers: the same function for training and for serving, so that the two cannot disagree. */
import { WEATHER_COLUMNS, type WeatherColumn } from '../../contracts/frame.ts';
import type { ModelSpec } from '../../contracts/model.ts';

export type WeatherInput = WeatherColumn | 'PRCP_yesterday';
export const WEATHER_INPUTS: readonly WeatherInput[] = [...WEATHER_COLUMNS, 'PRCP_yesterday'];

/** An hour with nothing left open. */
export interface ResolvedHour {
  /** Days since 1970-01-01, New York. */
  readonly day: number;
  /** 0..23, wall clock. */
  readonly hour: number;
  /** 1 on a federal holiday, or as the caller said. */
  readonly holiday: number;
  /** °F, inches, mph as in contracts/frame.ts. */
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
