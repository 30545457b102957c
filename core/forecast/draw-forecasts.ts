/**
 * Draws what weather forecasts would have said of observed days, for months whose forecasts nobody kept. The draws follow the errors that
 * scenarios assume: forecast = observation + error. Rain has the errors of lead day 1 at all lead days, because no others are measured.
 */
import { epochDayOf } from '../../contracts/calendar.ts';
import type { WeatherDay } from '../../contracts/frame.ts';
import type { ForecastDay } from '../../contracts/weather-forecast.ts';
import { weatherFacts } from '../../contracts/weather-columns.ts';
import { normalQuantile } from '../drift/evidently/distributions/normal-quantile.ts';
import { seededRandom, type Random } from '../random.ts';
import { WET_DAY, type ForecastErrors, type RainErrors } from './forecast-errors.ts';

/** Returns the forecast of a day at a lead day; undefined for a day whose temperatures were not observed. */
export type DrawForecast = (observed: WeatherDay, lead: number) => ForecastDay | undefined;

/**
 * Returns the function that draws. The same seed, lead day and date give the same draw.
 * @param climate observed days, from which the share of wet days is taken.
 */
export function forecastDraws(
  climate: readonly WeatherDay[],
  { temperature, rain, wind }: ForecastErrors,
  seed: number,
): DrawForecast {
  const announced = announcedShares(climate, rain.chance);
  return ({ date, TMAX, TMIN, PRCP, SNOW, AWND }, lead) => {
    if (!isNumber(TMAX) || !isNumber(TMIN)) return undefined;
    const random = seededRandom(seed, lead, epochDayOf(date));
    const { bias, deviation, correlation } = temperature[lead]!;
    const high = normal(random);
    const low = correlation * high + Math.sqrt(1 - correlation ** 2) * normal(random);
    const max = TMAX + bias.TMAX + deviation.TMAX * high;
    const gust = Math.exp(wind * normal(random));
    const told = isNumber(PRCP)
      ? drawRain(PRCP, rain, announced, random)
      : { PRCP: null, rainProbability: null };
    return {
      date,
      TMAX: max,
      TMIN: Math.min(max, TMIN + bias.TMIN + deviation.TMIN * low),
      ...told,
      SNOW: isNumber(SNOW) && isNumber(PRCP) && told.PRCP !== null ? snowOf(SNOW, PRCP, told.PRCP) : null,
      AWND: isNumber(AWND) ? AWND * gust : null,
    };
  };
}

/** Holds the probabilities that a forecast announces rain, on wet and on dry days. */
interface AnnouncedShares {
  readonly wet: number;
  readonly dry: number;
}

/**
 * Inverts the probabilities of rain after a forecast of rain and of none (Bayes), for the share of wet days of the place.
 * If days are wet less often than forecasts of no rain are wrong, no rain is announced.
 */
function announcedShares(climate: readonly WeatherDay[], chance: RainErrors['chance']): AnnouncedShares {
  const rain = climate.flatMap(({ PRCP }) => (isNumber(PRCP) ? [PRCP] : []));
  const wet = rain.filter((amount) => amount >= WET_DAY).length / Math.max(1, rain.length);
  const share = Math.min(1, Math.max(0, (wet - chance.dry) / (chance.wet - chance.dry)));
  return {
    wet: wet > 0 ? Math.min(1, (chance.wet * share) / wet) : 0,
    dry: wet < 1 ? Math.min(1, ((1 - chance.wet) * share) / (1 - wet)) : 1,
  };
}

function drawRain(
  observed: number,
  { chance, amount, announced }: RainErrors,
  shares: AnnouncedShares,
  random: Random,
): Pick<ForecastDay, 'PRCP' | 'rainProbability'> {
  const isWet = observed >= WET_DAY;
  if (random() >= (isWet ? shares.wet : shares.dry)) return { PRCP: 0, rainProbability: chance.dry };
  const { center, forecastCenter, slope, deviation } = amount;
  // Forecasts vary as observations do, so the regression of one on the other has the same slope in both directions.
  const log = forecastCenter + slope * (Math.log(observed) - center) + deviation * normal(random);
  const told = isWet ? Math.exp(log) : announced[Math.floor(random() * announced.length)]!;
  return {
    PRCP: Math.min(weatherFacts('PRCP').max, Math.max(WET_DAY, told)),
    rainProbability: chance.wet,
  };
}

/** Returns snow in the proportion of the rain. */
function snowOf(snow: number, observed: number, told: number): number {
  return observed >= WET_DAY ? Math.min(weatherFacts('SNOW').max, (snow * told) / observed) : 0;
}

function normal(random: Random): number {
  // A uniform number of 0 would be infinitely far out.
  return normalQuantile(Math.max(random(), 1e-6));
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number';
}
