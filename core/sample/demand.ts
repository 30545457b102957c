/** Computes synthetic demand of an hour from hour of day, weekday, holiday, weather and growth. */
import { epochDayOf, weekdayOf } from '../../contracts/calendar.ts';
import type { Place } from '../../contracts/systems.ts';
import { isHoliday } from '../features/holidays.ts';
import type { WeatherRecord } from '../ingest/weather-records.ts';

/** Lists the share of a day's rides by hour, in thousandths, as in New York in 2024. The sum is about 1,000. */
const WORKDAY = [11, 6, 4, 2, 3, 8, 24, 50, 76, 57, 41, 42, 47, 50, 56, 64, 74, 97, 90, 66, 47, 36, 29, 20];
const FREE_DAY = [24, 17, 11, 8, 5, 4, 8, 16, 27, 42, 56, 67, 75, 78, 80, 80, 77, 72, 68, 57, 43, 34, 29, 32];

const GROWTH_A_YEAR = 0.08;
const YEAR_DAYS = 365.25;
const [SATURDAY, SUNDAY] = [5, 6] as const;

/** Returns the relative demand of an hour. Only ratios are meaningful. */
export function relativeDemand(
  date: string,
  hour: number,
  weather: WeatherRecord,
  daysSinceStart: number,
  { holidays }: Pick<Place, 'holidays'>,
): number {
  const day = epochDayOf(date);
  const weekday = weekdayOf(day);
  const holiday = isHoliday(holidays, day);
  const free = weekday >= SATURDAY || holiday;
  const profile = (free ? FREE_DAY : WORKDAY)[hour] ?? 0;
  const level = holiday ? 0.7 : weekday === SUNDAY ? 0.82 : weekday === SATURDAY ? 0.92 : 1;
  return (
    profile *
    level *
    warmth(weather.TMAX ?? 60) *
    wetness(weather.PRCP ?? 0, weather.SNOW ?? 0, weather.SNWD ?? 0) *
    Math.exp(Math.log1p(GROWTH_A_YEAR) * (daysSinceStart / YEAR_DAYS))
  );
}

/** Returns the effect of temperature: demand rises from frost to about 80 °F, and falls slightly in great heat. */
function warmth(high: number): number {
  const rising = 1 / (1 + Math.exp(-(high - 55) / 13));
  return 0.35 + 0.9 * rising - (high > 88 ? 0.012 * (high - 88) : 0);
}

function wetness(rain: number, snow: number, snowDepth: number): number {
  const fromRain = 1 - 0.4 * (1 - Math.exp(-2.5 * rain));
  const fromSnow = 1 - 0.4 * (1 - Math.exp(-0.5 * snow));
  return fromRain * fromSnow * (snowDepth > 1 ? 0.85 : 1);
}
