/** The rich feature set, 82 columns: what was found to pay for hourly demand given the calendar and one day's weather. */
import { dayOfYearOf, isBridgeDay, isChristmasWeek, isHoliday, isWorkday, weekdayOf } from './calendar.ts';
import type { FeatureSet, ResolvedHour } from './feature-set.ts';
import { dayLength, solarElevation } from './sun.ts';

const HARMONICS = [1, 2, 3, 4] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** Inches of rain above which a day counts as wet: less wets no street. */
const WET_INCHES = 0.02;

/** Degrees of the sun below which street lamps are on: the end of civil twilight. */
const CIVIL_TWILIGHT = -6;

/** Mean length of a year in days. */
const YEAR_DAYS = 365.25;

const FEATURES: readonly string[] = [
  ...HARMONICS.flatMap((k) => [`hour_sin${k}`, `hour_cos${k}`]),
  ...HOURS.map((hour) => `workday_hour_${hour}`),
  ...HOURS.map((hour) => `free_hour_${hour}`),
  ...WEEKDAYS.map((name) => `is_${name}`),
  'holiday',
  'workday',
  'bridge_day',
  'christmas_week',
  'day_before_holiday',
  'day_after_holiday',
  'TMAX',
  'TMIN',
  'rain',
  'wet',
  'AWND',
  'snow',
  'SNWD',
  'rain_yesterday',
  'solar_elevation',
  'dark',
  'day_length',
  'year_sin',
  'year_cos',
];

const flag = (condition: boolean): number => (condition ? 1 : 0);

/** Rain and snow are skewed, and the first tenth of an inch matters most. Inches. */
const rain = (inches: number): number => Math.log1p(10 * Math.max(0, inches));

function write({ day, hour, holiday, weather }: ResolvedHour, out: Float64Array, offset: number): void {
  out.fill(0, offset, offset + FEATURES.length);
  const isHolidayToday = holiday > 0;
  const workday = isWorkday(day, isHolidayToday);
  let at = offset;
  for (const k of HARMONICS) {
    const angle = (2 * Math.PI * k * hour) / 24;
    out[at++] = Math.sin(angle);
    out[at++] = Math.cos(angle);
  }
  out[at + (workday ? 0 : 24) + hour] = 1;
  at += 48;
  out[at + weekdayOf(day)] = 1;
  at += 7;
  out[at++] = holiday;
  out[at++] = flag(workday);
  out[at++] = flag(isBridgeDay(day, isHolidayToday));
  out[at++] = flag(isChristmasWeek(day));
  out[at++] = flag(isHoliday(day + 1));
  out[at++] = flag(isHoliday(day - 1));
  out[at++] = weather.TMAX;
  out[at++] = weather.TMIN;
  out[at++] = rain(weather.PRCP);
  out[at++] = flag(weather.PRCP > WET_INCHES);
  out[at++] = weather.AWND;
  out[at++] = Math.log1p(Math.max(0, weather.SNOW));
  out[at++] = weather.SNWD;
  out[at++] = rain(weather.PRCP_yesterday);
  // The middle of the hour stands for it.
  const elevation = solarElevation(day, hour + 0.5);
  out[at++] = elevation;
  out[at++] = flag(elevation < CIVIL_TWILIGHT);
  out[at++] = dayLength(day);
  const season = (2 * Math.PI * dayOfYearOf(day)) / YEAR_DAYS;
  out[at] = Math.sin(season);
  out[at + 1] = Math.cos(season);
}

export const demandFeatures: FeatureSet = {
  name: 'demand',
  features: FEATURES,
  weather: ['TMAX', 'TMIN', 'SNOW', 'PRCP', 'SNWD', 'AWND', 'PRCP_yesterday'],
  write,
};
