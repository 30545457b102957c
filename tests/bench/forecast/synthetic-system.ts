/** Builds two years of a synthetic system, and scores a level on the second with and without a jump of demand. */
import { daysBetween, epochDayOf } from '../../../contracts/calendar.ts';
import { FORMER_NORMAL_HIGHS, FORMER_PLACE } from '../../../contracts/former-place.ts';
import type { FrameRow } from '../../../contracts/frame.ts';
import { estimateLevel, levelFrom } from '../../../core/forecast/level.ts';
import { publishedMonths } from '../../../core/forecast/score-at-level.ts';
import { isHoliday } from '../../../core/features/holidays.ts';
import { fillWeather } from '../../../core/ingest/weather-fill.ts';
import { relativeDemand } from '../../../core/sample/demand.ts';
import { Random } from '../../../core/sample/random-numbers.ts';
import { sampleWeather } from '../../../core/sample/weather.ts';
import type { ServingModel } from '../../../core/serving/serving-model.ts';
import { scoreLevel } from './score-level.ts';

export const SYNTHETIC_TRAIN = { from: '2023-01', to: '2023-12' };
const FIRST_DAY = '2023-01-01';
const LAST_DAY = '2024-12-31';
/** Sets the trips of an hour by relative demand, and the standard deviations of the noise of days and hours. */
const SCALE = 60;
const NOISE = { day: 0.05, hour: 0.07 };

const CLIMATE = { weather: { normalHighs: [...FORMER_NORMAL_HIGHS] } };

const JUMP = 1.2;
const JUMPS = ['2024-03', '2024-05', '2024-08', '2024-11'];

export interface SyntheticScores {
  /** RMSE with level by RMSE without, if demand does not jump. */
  readonly lossWithoutJump: number;
  /** Levels after two published months of a jump of 20 %, by its month. */
  readonly afterTwoMonths: readonly number[];
}

export function syntheticRows(): FrameRow[] {
  const weather = sampleWeather(CLIMATE, daysBetween('2022-12-28', LAST_DAY), 5);
  const filled = new Map(fillWeather(weather, FIRST_DAY, LAST_DAY).map((day) => [day.date, day]));
  const random = new Random(9);
  return weather
    .filter(({ date }) => date >= FIRST_DAY)
    .flatMap((day) => {
      const { date } = day;
      const dayNoise = NOISE.day * random.normal();
      return Array.from({ length: 24 }, (_, hour): FrameRow => {
        const demand =
          SCALE * relativeDemand(date, hour, day, epochDayOf(date) - epochDayOf(FIRST_DAY), FORMER_PLACE);
        const trips = random.round(demand * Math.exp(dayNoise + NOISE.hour * random.normal()));
        return {
          ...filled.get(date)!,
          hour,
          trips,
          holiday: isHoliday(FORMER_PLACE.holidays, epochDayOf(date)) ? 1 : 0,
        };
      });
    });
}

/** @param model trained on the first year of the rows. */
export function scoreSynthetic(model: ServingModel, rows: readonly FrameRow[]): SyntheticScores {
  const later = rows.filter(({ date }) => date.slice(0, 7) > SYNTHETIC_TRAIN.to);
  return {
    lossWithoutJump: scoreLevel(model, later, 1).rmse / scoreLevel(model, later, null).rmse,
    afterTwoMonths: JUMPS.map((from) => {
      const jumped = later.map((row) => (row.date < from ? row : { ...row, trips: row.trips * JUMP }));
      const months = publishedMonths(model, jumped);
      const second = months.findIndex(({ month }) => month === from) + 2;
      return levelFrom(estimateLevel(months.slice(0, second), model)!)(LAST_DAY).factor;
    }),
  };
}
