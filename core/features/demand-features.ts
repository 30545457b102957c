/** The rich feature set, 82 columns: what was found to pay for hourly demand given the calendar and one day's weather. */
import { WEATHER_INPUTS } from '../../contracts/weather-columns.ts';
import { dayFacts } from './day-facts.ts';
import type { FeatureSet, ResolvedHour } from './feature-set.ts';

const HARMONICS = [1, 2, 3, 4] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** Inches of rain above which a day counts as wet: less wets no street. */
const WET_INCHES = 0.02;

/** Degrees of the sun below which street lamps are on: the end of civil twilight. */
const CIVIL_TWILIGHT = -6;

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

/** Sine and cosine of each harmonic, by hour. */
const HOUR_WAVES = HOURS.map((hour) =>
  HARMONICS.flatMap((k) => {
    const angle = (2 * Math.PI * k * hour) / 24;
    return [Math.sin(angle), Math.cos(angle)];
  }),
);

const flag = (condition: boolean): number => (condition ? 1 : 0);

/** Rain and snow are skewed, and the first tenth of an inch matters most. Inches. */
const rain = (inches: number): number => Math.log1p(10 * Math.max(0, inches));

function write({ day, hour, holiday, weather }: ResolvedHour, out: Float64Array, offset: number): void {
  out.fill(0, offset, offset + FEATURES.length);
  const facts = dayFacts(day);
  const workday = facts.weekday < 5 && !(holiday > 0);
  let at = offset;
  const waves = HOUR_WAVES[hour]!;
  for (let i = 0; i < waves.length; i++) out[at++] = waves[i]!;
  out[at + (workday ? 0 : 24) + hour] = 1;
  at += 48;
  out[at + facts.weekday] = 1;
  at += 7;
  out[at++] = holiday;
  out[at++] = flag(workday);
  out[at++] = flag(workday && facts.bridge);
  out[at++] = flag(facts.christmasWeek);
  out[at++] = flag(facts.holidayTomorrow);
  out[at++] = flag(facts.holidayYesterday);
  out[at++] = weather.TMAX;
  out[at++] = weather.TMIN;
  out[at++] = rain(weather.PRCP);
  out[at++] = flag(weather.PRCP > WET_INCHES);
  out[at++] = weather.AWND;
  out[at++] = Math.log1p(Math.max(0, weather.SNOW));
  out[at++] = weather.SNWD;
  out[at++] = rain(weather.PRCP_yesterday);
  const elevation = facts.sunByHour[hour]!;
  out[at++] = elevation;
  out[at++] = flag(elevation < CIVIL_TWILIGHT);
  out[at++] = facts.dayLength;
  out[at] = facts.yearSin;
  out[at + 1] = facts.yearCos;
}

export const demandFeatures: FeatureSet = {
  name: 'demand',
  features: FEATURES,
  weather: WEATHER_INPUTS,
  write,
};
