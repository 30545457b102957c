/** Defines the 12 features that people who move over know: holiday, three of the weather, and four cycles as sine and cosine. */
import { isoWeekOf, monthOf, weekdayOf } from '../../contracts/calendar.ts';
import { FORMER_PLACE } from '../../contracts/former-place.ts';
import { createFeatureSet, type FeatureColumns, type ResolvedHour } from './feature-set.ts';

/** Lists the steps of each cycle, and the number its first step has. */
export const BASIC_CYCLES = {
  hr: { length: 24, first: 0 },
  weekday: { length: 7, first: 0 },
  /** ISO weeks. A 53rd falls on the first, as it did in the Python stack that people move from. */
  week: { length: 52, first: 1 },
  mnth: { length: 12, first: 1 },
} as const;

type Cycle = keyof typeof BASIC_CYCLES;

/** Represents the features that stand for hour, weekday, week and month. */
export type CyclicFeatures = Readonly<Record<`${Cycle}_${'sin' | 'cos'}`, number>>;

function angleOf(cycle: Cycle, step: number): number {
  const { length, first } = BASIC_CYCLES[cycle];
  return (2 * Math.PI * (step - first)) / length;
}

/** Adds the basic features. No formula reads the place: an hour has its holiday already. */
export function addBasicFeatures(columns: FeatureColumns, { day, hour, holiday, weather }: ResolvedHour) {
  columns.add('holiday', holiday);
  columns.addWeather('TMAX', 'TMAX', weather.TMAX);
  columns.addWeather('TMIN', 'TMIN', weather.TMIN);
  columns.addWeather('SNOW', 'SNOW', weather.SNOW);
  const hr = angleOf('hr', hour);
  columns.add('hr_sin', Math.sin(hr));
  columns.add('hr_cos', Math.cos(hr));
  const weekday = angleOf('weekday', weekdayOf(day));
  columns.add('weekday_sin', Math.sin(weekday));
  columns.add('weekday_cos', Math.cos(weekday));
  const week = angleOf('week', isoWeekOf(day));
  columns.add('week_sin', Math.sin(week));
  columns.add('week_cos', Math.cos(week));
  const month = angleOf('mnth', monthOf(day));
  columns.add('mnth_sin', Math.sin(month));
  columns.add('mnth_cos', Math.cos(month));
}

/** Serves callers that know the holiday of each hour, for any place. */
export const basicFeatures = createFeatureSet('seed', addBasicFeatures, FORMER_PLACE);

export const BASIC_FEATURES = basicFeatures.features;
