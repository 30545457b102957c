/** Describes how far weather forecasts are from what happens, by lead day, and learns it from stored outcomes. */
import type { WeatherDay } from '../../contracts/frame.ts';
import type { ForecastDay } from '../../contracts/weather-forecast.ts';

/** Is the last lead day of the tables. Weather services forecast about seven days. */
export const LAST_LEAD = 7;

/** Sets the inches from which a day counts as wet: the least that a gauge reports. */
export const WET_DAY = 0.01;

/** Represents a pair of values for the maximum and the minimum of a day, °F. */
interface MaxAndMin {
  readonly TMAX: number;
  readonly TMIN: number;
}

/** Describes forecast − observation of one lead day. */
interface TemperatureErrors {
  readonly bias: MaxAndMin;
  readonly deviation: MaxAndMin;
  /** Correlation of the errors of maximum and minimum. */
  readonly correlation: number;
}

export interface RainErrors {
  /** Probability of a wet day if the forecast has an amount but no probability: with and without rain in it. */
  readonly chance: { readonly wet: number; readonly dry: number };
  /** Logarithm of the amount, if forecast and observation are wet: center + slope · (log forecast − forecastCenter) ± deviation. */
  readonly amount: {
    readonly center: number;
    readonly forecastCenter: number;
    readonly slope: number;
    readonly deviation: number;
  };
  /** Middles of the ten tenths of amounts on wet days that the forecast called wet, inches. */
  readonly announced: readonly number[];
  /** The same middles for wet days that the forecast called dry. */
  readonly missed: readonly number[];
}

export interface ForecastErrors {
  /** By lead day, from 0 to `LAST_LEAD`. */
  readonly temperature: readonly TemperatureErrors[];
  readonly rain: RainErrors;
  /** Standard deviation of the logarithm of mean wind by its forecast. */
  readonly wind: number;
}

/** Represents a forecast and what was observed later. */
export interface ForecastOutcome {
  readonly leadDay: number;
  readonly forecast: Omit<ForecastDay, 'date'>;
  readonly observed: Omit<WeatherDay, 'date'>;
}

/** Sets the minimum days of outcomes of a lead day, and the minimum wet days, from which errors are learned. */
const LEAST_OUTCOMES = 60;
const LEAST_WET_DAYS = 30;

/**
 * Learns the errors of a system's own forecasts.
 * @param outcomes at most one per lead day and date.
 * @param fallback stays in use for what has too few outcomes.
 */
export function learnForecastErrors(
  outcomes: readonly ForecastOutcome[],
  fallback: ForecastErrors,
): ForecastErrors {
  const temperature = fallback.temperature.map((known, lead) => {
    const pairs = outcomes
      .filter(({ leadDay }) => leadDay === lead)
      .flatMap(({ forecast, observed }) => temperaturePair(forecast, observed));
    return pairs.length < LEAST_OUTCOMES ? known : temperatureErrors(pairs);
  });
  const dayAhead = outcomes.filter(({ leadDay }) => leadDay === 1);
  const next = dayAhead.length < LEAST_OUTCOMES ? [] : dayAhead;
  const rain = next.flatMap(({ forecast, observed }) =>
    pairOf(forecast.PRCP, observed.PRCP).filter(([, seen]) => seen >= WET_DAY),
  );
  const announced = rain.filter(([told]) => told >= WET_DAY);
  const missed = rain.filter(([told]) => told < WET_DAY).map(([, seen]) => seen);
  const wind = next.flatMap(({ forecast, observed }) =>
    pairOf(forecast.AWND, observed.AWND).filter(([told, seen]) => told > 0 && seen > 0),
  );
  const enough = announced.length >= LEAST_WET_DAYS;
  return {
    temperature,
    rain: {
      ...fallback.rain,
      ...(enough
        ? { amount: amountErrors(announced), announced: tenths(announced.map(([, seen]) => seen)) }
        : {}),
      ...(missed.length >= LEAST_WET_DAYS ? { missed: tenths(missed) } : {}),
    },
    wind:
      wind.length < LEAST_OUTCOMES
        ? fallback.wind
        : moments(wind.map(([told, seen]) => Math.log(seen / told))).deviation,
  };
}

type Pair = readonly [forecast: number, observed: number];

function pairOf(told: number | null | undefined, seen: number | null | undefined): Pair[] {
  return Number.isFinite(told) && Number.isFinite(seen) ? [[told!, seen!]] : [];
}

function temperaturePair(
  forecast: ForecastOutcome['forecast'],
  observed: ForecastOutcome['observed'],
): MaxAndMin[] {
  const [high] = pairOf(forecast.TMAX, observed.TMAX);
  const [low] = pairOf(forecast.TMIN, observed.TMIN);
  return high && low ? [{ TMAX: high[0] - high[1], TMIN: low[0] - low[1] }] : [];
}

/** @param errors forecast − observation of the same days. */
export function temperatureErrors(errors: readonly MaxAndMin[]): TemperatureErrors {
  const high = moments(errors.map(({ TMAX }) => TMAX));
  const low = moments(errors.map(({ TMIN }) => TMIN));
  const product = errors.reduce((sum, { TMAX, TMIN }) => sum + (TMAX - high.mean) * (TMIN - low.mean), 0);
  return {
    bias: { TMAX: high.mean, TMIN: low.mean },
    deviation: { TMAX: high.deviation, TMIN: low.deviation },
    correlation: product / errors.length / (high.deviation * low.deviation || 1),
  };
}

/** Fits the amount by its forecast, both wet, on logarithms. */
export function amountErrors(pairs: readonly Pair[]): RainErrors['amount'] {
  const told = pairs.map(([forecast]) => Math.log(forecast));
  const seen = pairs.map(([, observed]) => Math.log(observed));
  const [x, y] = [moments(told), moments(seen)];
  const product = told.reduce((sum, value, i) => sum + (value - x.mean) * (seen[i]! - y.mean), 0);
  const slope = product / told.length / (x.deviation ** 2 || 1);
  const residuals = told.map((value, i) => seen[i]! - y.mean - slope * (value - x.mean));
  return { center: y.mean, forecastCenter: x.mean, slope, deviation: moments(residuals).deviation };
}

/** Returns the quantiles .05, .15 to .95. */
export function tenths(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return Array.from({ length: 10 }, (_, i) => sorted[Math.floor(((i + 0.5) / 10) * sorted.length)]!);
}

export function moments(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}
