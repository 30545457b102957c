/** Generates synthetic daily weather of a place: its seasons, warm and cold spells, rain on one day in three, and snow. */
import { addMonths, dayOfYearOf, epochDayOf } from '../../contracts/calendar.ts';
import { WEATHER_CSV_COLUMNS, byColumn, weatherFacts } from '../../contracts/weather-columns.ts';
import type { SystemFacts } from '../../contracts/systems.ts';
import type { WeatherRecord } from '../ingest/weather-records.ts';
import { Random, seedOf } from './random-numbers.ts';

const LOW_BELOW_HIGH = 14;
/** The sine of the season has its minimum in the last week of January. */
const COLDEST_DAY_OF_YEAR = 25;

/** Represents the facts that decide the weather. */
interface Climate {
  readonly weather: Pick<SystemFacts['weather'], 'normalHighs'>;
  readonly sample?: SystemFacts['sample'];
}

/** @param days consecutive dates as `YYYY-MM-DD`. */
export function sampleWeather(
  { weather: { normalHighs }, sample }: Climate,
  days: readonly string[],
  seed: number,
): WeatherRecord[] {
  const highs = sample?.highs;
  const random = new Random(seedOf(seed, 'weather'));
  let spell = 0;
  let snowDepth = 0;
  return days.map((date) => {
    const dayOfYear = dayOfYearOf(epochDayOf(date)) - 1;
    const season = -Math.cos((2 * Math.PI * (dayOfYear - COLDEST_DAY_OF_YEAR)) / 365.25);
    spell = 0.7 * spell + 5 * random.normal();
    const usualHigh = highs ? highs.mean + highs.swing * season : normalHighOf(normalHighs, date);
    const high = Math.round(usualHigh + spell);
    const low = Math.min(Math.round(high - LOW_BELOW_HIGH - 2 * random.normal()), high - 2);
    const wet = random.uniform() < 0.33;
    const rain = wet ? Math.round(-35 * Math.log(1 - random.uniform())) / 100 : 0;
    const snow = wet && high < 36 ? Math.round(rain * 80) / 10 : 0;
    snowDepth = Math.max(0, snowDepth + snow - (high > 34 ? (high - 32) / 4 : 0));
    const wind = Math.round(10 * Math.max(2, 10 - 2 * season + 3 * random.normal() + (wet ? 2 : 0))) / 10;
    const usual = { temperature: Math.round((high + low) / 2), rain, snow, wind };
    return {
      date,
      ...byColumn(WEATHER_CSV_COLUMNS, (column) => usual[weatherFacts(column).quantity]),
      TMAX: high,
      TMIN: low,
      SNWD: Math.round(snowDepth * 10) / 10,
    };
  });
}

/** Returns the normal high of a day, between the normals of the middles of two months. */
function normalHighOf(normalHighs: readonly number[], date: string): number {
  const month = date.slice(0, 7);
  const sinceMiddle = (Number(date.slice(8)) - 15) / 30;
  const other = addMonths(month, sinceMiddle < 0 ? -1 : 1);
  const [own, neighbour] = [month, other].map((each) => normalHighs[Number(each.slice(5)) - 1]!);
  return own! + (neighbour! - own!) * Math.abs(sinceMiddle);
}
