/**
 * Draws what the weather may be, given a forecast: temperatures by past errors of the lead day, rain by its probability. Draws are
 * seeded and stratified (McKay, Beckman & Conover 1979), so that a hundred of them represent the distribution.
 */
import { dayOfYearOf, epochDayOf } from '../../contracts/calendar.ts';
import type { ForecastWeatherSource } from '../../contracts/demand-forecast.ts';
import type { WeatherDay } from '../../contracts/frame.ts';
import {
  WEATHER_COLUMNS,
  byColumn,
  weatherFacts,
  type WeatherColumn,
  type WeatherInput,
  type WeatherValues,
} from '../../contracts/weather-columns.ts';
import type { ForecastDay, ForecastDays } from '../../contracts/weather-forecast.ts';
import { normalQuantile } from '../drift/evidently/distributions/normal-quantile.ts';
import { seededRandom, shuffledIndices } from '../random.ts';
import { LAST_LEAD, WET_DAY, type ForecastErrors, type RainErrors } from './forecast-errors.ts';

/** Sets the number of draws per day. The error of their mean is a tenth of the spread of one, or less. */
const SCENARIOS = 100;

export interface ScenarioInput {
  /** Null if there is none; climatology then stands for all days. */
  readonly forecast: ForecastDays | null;
  /** Days to draw for, in order and without gaps, `YYYY-MM-DD`. */
  readonly days: readonly string[];
  /** Rain of the day before the first, and snow on the ground when it was last seen. It is null if unknown. */
  readonly before: Pick<WeatherDay, 'PRCP' | 'SNWD'>;
  /** Observed days, such as those of the training months, for what no forecast says. */
  readonly climate: readonly WeatherDay[];
  readonly errors: ForecastErrors;
  readonly seed: number;
  /** Default: `SCENARIOS`. */
  readonly count?: number;
}

type ScenarioWeather = WeatherValues<WeatherInput>;

export interface DayScenarios {
  readonly date: string;
  /** Climatology stands for days without a forecast of both temperatures. */
  readonly source: ForecastWeatherSource;
  /** Equally likely. */
  readonly scenarios: readonly ScenarioWeather[];
}

/** Draws are the same for the same seed, issue and day, whatever the other days are. The first day's rain before is given. */
export function weatherScenarios(input: ScenarioInput): DayScenarios[] {
  const { forecast, days, before, count = SCENARIOS } = input;
  const issueDay = forecast ? epochDayOf(forecast.issueDay) : 0;
  const told = new Map(forecast?.days.map((day) => [day.date, day] as const));
  let rain: readonly (number | null)[] = new Array<number | null>(count).fill(before.PRCP ?? null);
  return days.map((date) => {
    const lead = Math.max(0, epochDayOf(date) - issueDay);
    const day = lead <= LAST_LEAD ? told.get(date) : undefined;
    const draws = new Draws(count, [input.seed, issueDay, epochDayOf(date)]);
    const donors = similarDays(input.climate, date);
    const usable = day !== undefined && day.TMAX !== null && day.TMIN !== null;
    const drawn = usable ? drawDay(day, lead, input.errors, draws, donors) : drawClimate(donors, draws);
    const scenarios = drawn.map((weather, i): ScenarioWeather => ({
      ...weather,
      SNWD: before.SNWD ?? null,
      PRCP_yesterday: rain[i]!,
    }));
    rain = scenarios.map(({ PRCP }) => PRCP ?? null);
    return { date, source: usable ? 'forecast' : 'climatology', scenarios };
  });
}

type DrawnWeather = WeatherValues<WeatherColumn>;

/** Draws uniform numbers, one of each stratum per draw, independent by name. */
class Draws {
  readonly count: number;
  readonly #seeds: readonly number[];

  constructor(count: number, seeds: readonly number[]) {
    this.count = count;
    this.#seeds = seeds;
  }

  uniform(name: 'high' | 'low' | 'wet' | 'amount' | 'wind' | 'donor'): Float64Array {
    const random = seededRandom(
      ...this.#seeds,
      [...name].reduce((sum, c) => 31 * sum + c.charCodeAt(0), 0),
    );
    const strata = shuffledIndices(this.count, random);
    return Float64Array.from(strata, (stratum) => (stratum + random()) / this.count);
  }

  normal(name: 'high' | 'low' | 'wind'): Float64Array {
    // A uniform number of 0 would be infinitely far out.
    return this.uniform(name).map((p) => normalQuantile(Math.max(p, 1e-6)));
  }
}

function drawDay(
  day: ForecastDay,
  lead: number,
  { temperature, rain, wind }: ForecastErrors,
  draws: Draws,
  donors: readonly WeatherDay[],
): DrawnWeather[] {
  const { bias, deviation, correlation } = temperature[lead]!;
  const [high, low, gust] = [draws.normal('high'), draws.normal('low'), draws.normal('wind')];
  const [wet, amount] = [draws.uniform('wet'), draws.uniform('amount')];
  const fallback = drawClimate(donors, draws);
  const chance = chanceOf(day, rain);
  return Array.from({ length: draws.count }, (_, i): DrawnWeather => {
    const other = correlation * high[i]! + Math.sqrt(1 - correlation ** 2) * low[i]!;
    const TMAX = day.TMAX! - bias.TMAX - deviation.TMAX * high[i]!;
    const TMIN = Math.min(TMAX, day.TMIN! - bias.TMIN - deviation.TMIN * other);
    const AWND = day.AWND === null ? fallback[i]!.AWND : day.AWND * Math.exp(wind * gust[i]!);
    const drawn = { ...fallback[i]!, TMAX, TMIN, AWND };
    if (chance === null) return drawn;
    const PRCP = wet[i]! < chance ? amountOf(day, rain, amount[i]!) : 0;
    return { ...drawn, PRCP, SNOW: snowOf(day, PRCP, (TMAX + TMIN) / 2) };
  });
}

/** Returns the probability of a wet day, or null if the forecast says nothing of rain. */
function chanceOf({ rainProbability, PRCP }: ForecastDay, { chance }: RainErrors): number | null {
  if (rainProbability !== null) return rainProbability;
  if (PRCP === null) return null;
  return PRCP >= WET_DAY ? chance.wet : chance.dry;
}

/** @param p uniform number. @returns inches on a wet day. */
function amountOf({ PRCP }: ForecastDay, { amount, announced, missed }: RainErrors, p: number): number {
  if (PRCP === null || PRCP < WET_DAY) {
    const tenths = PRCP === null ? announced : missed;
    return tenths[Math.floor(p * tenths.length)]!;
  }
  const { center, slope, forecastCenter, deviation } = amount;
  const log = center + slope * (Math.log(PRCP) - forecastCenter) + deviation * normalQuantile(p || 1e-6);
  return Math.min(weatherFacts('PRCP').max, Math.max(WET_DAY, Math.exp(log)));
}

/**
 * Is the mean of maximum and minimum below which rain falls as snow, °F, and inches of snow per inch of rain then. At LaGuardia, 2023 to
 * March 2025, it snowed on all 11 wet days below 33 °F, at a median of 10 inches per inch.
 */
const SNOW_BELOW = 33;
const SNOW_RATIO = 10;

function snowOf({ PRCP: told, SNOW }: ForecastDay, rain: number, mean: number): number {
  if (SNOW !== null && told !== null && told >= WET_DAY) return (SNOW * rain) / told;
  return mean < SNOW_BELOW ? SNOW_RATIO * rain : 0;
}

/** Sets the days of the year on either side that have similar weather. */
const SIMILAR_DAYS = 15;
const YEAR_DAYS = 365;

function similarDays(climate: readonly WeatherDay[], date: string): WeatherDay[] {
  const wanted = dayOfYearOf(epochDayOf(date));
  return climate.filter((day) => {
    const apart = Math.abs(dayOfYearOf(epochDayOf(day.date)) - wanted);
    return Math.min(apart, YEAR_DAYS - apart) <= SIMILAR_DAYS;
  });
}

/**
 * Draws whole observed days, with every column, so that they also stand for what no forecast says. Without any, all values are null, and
 * the model uses its training medians.
 */
function drawClimate(donors: readonly WeatherDay[], draws: Draws): DrawnWeather[] {
  return Array.from(draws.uniform('donor'), (p) => {
    const donor = donors[Math.floor(p * donors.length)];
    return byColumn(WEATHER_COLUMNS, (column) => donor?.[column] ?? null);
  });
}
