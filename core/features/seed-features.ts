/** The 12 features that people who move over know: holiday, three of the weather, and four cycles as sine and cosine. */
import { isoWeekOf, monthOf, weekdayOf } from '../../contracts/calendar.ts';
import type { FeatureSet } from './feature-set.ts';

export const SEED_FEATURES = [
  'holiday',
  'TMAX',
  'TMIN',
  'SNOW',
  'hr_sin',
  'hr_cos',
  'weekday_sin',
  'weekday_cos',
  'week_sin',
  'week_cos',
  'mnth_sin',
  'mnth_cos',
] as const;

/** Steps of each cycle, and the number its first step has. */
export const SEED_CYCLES = {
  hr: { length: 24, first: 0 },
  weekday: { length: 7, first: 0 },
  /** ISO weeks. A 53rd falls on the first, as it did in what people moved from. */
  week: { length: 52, first: 1 },
  mnth: { length: 12, first: 1 },
} as const;

export const seedFeatures: FeatureSet = {
  name: 'seed',
  features: SEED_FEATURES,
  weather: ['TMAX', 'TMIN', 'SNOW'],
  write({ day, hour, holiday, weather }, out, offset) {
    out[offset] = holiday;
    out[offset + 1] = weather.TMAX;
    out[offset + 2] = weather.TMIN;
    out[offset + 3] = weather.SNOW;
    const steps = { hr: hour, weekday: weekdayOf(day), week: isoWeekOf(day), mnth: monthOf(day) };
    let at = offset + 4;
    for (const cycle of ['hr', 'weekday', 'week', 'mnth'] as const) {
      const { length, first } = SEED_CYCLES[cycle];
      const angle = (2 * Math.PI * (steps[cycle] - first)) / length;
      out[at++] = Math.sin(angle);
      out[at++] = Math.cos(angle);
    }
  },
};
