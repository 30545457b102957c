/** Defines the rich feature set, 82 columns: what was found to pay for hourly demand given the calendar and one day's weather. */
import type { DayFacts } from './day-facts.ts';
import type { FeatureColumns, ResolvedHour } from './feature-set.ts';

const HARMONICS = [1, 2, 3, 4] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const WAVE_NAMES = HARMONICS.flatMap((k) => [`hour_sin${k}`, `hour_cos${k}`]);
const HOURS_OF_DAYS = ['workday', 'free'].flatMap((kind) => HOURS.map((hour) => `${kind}_hour_${hour}`));
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map(
  (name) => `is_${name}`,
);

/** Sets the inches of rain above which a day counts as wet: less wets no street. */
const WET_INCHES = 0.02;

/** Degrees of the sun below which street lamps are on: the end of civil twilight. */
const CIVIL_TWILIGHT = -6;

/** Holds the sine and cosine of each harmonic, by hour. */
const HOUR_WAVES = HOURS.map((hour) =>
  HARMONICS.flatMap((k) => {
    const angle = (2 * Math.PI * k * hour) / 24;
    return [Math.sin(angle), Math.cos(angle)];
  }),
);

const flag = (condition: boolean): number => (condition ? 1 : 0);

/** Rain and snow are skewed, and the first tenth of an inch matters most. Inches. */
const rain = (inches: number): number => Math.log1p(10 * Math.max(0, inches));

/** One line per column, or per columns that one formula fills. A new column may stand anywhere: versions record their own. */
export function addDemandFeatures(
  columns: FeatureColumns,
  { hour, holiday, weather }: ResolvedHour,
  day: DayFacts,
) {
  // A holiday that the caller declares is a day off too.
  const workday = day.weekday < 5 && !(holiday > 0);
  const elevation = day.sunByHour[hour]!;
  columns.addAll(WAVE_NAMES, HOUR_WAVES[hour]!);
  columns.addOneHot(HOURS_OF_DAYS, (workday ? 0 : HOURS.length) + hour);
  columns.addOneHot(WEEKDAYS, day.weekday);
  columns.add('holiday', holiday);
  columns.add('workday', flag(workday));
  columns.add('bridge_day', flag(workday && day.bridge));
  columns.add('christmas_week', flag(day.christmasWeek));
  columns.add('day_before_holiday', flag(day.holidayTomorrow));
  columns.add('day_after_holiday', flag(day.holidayYesterday));
  columns.addWeather('TMAX', 'TMAX', weather.TMAX);
  columns.addWeather('TMIN', 'TMIN', weather.TMIN);
  columns.addWeather('rain', 'PRCP', rain(weather.PRCP));
  columns.addWeather('wet', 'PRCP', flag(weather.PRCP > WET_INCHES));
  columns.addWeather('AWND', 'AWND', weather.AWND);
  columns.addWeather('snow', 'SNOW', Math.log1p(Math.max(0, weather.SNOW)));
  columns.addWeather('SNWD', 'SNWD', weather.SNWD);
  columns.addWeather('rain_yesterday', 'PRCP_yesterday', rain(weather.PRCP_yesterday));
  columns.add('solar_elevation', elevation);
  columns.add('dark', flag(elevation < CIVIL_TWILIGHT));
  columns.add('day_length', day.dayLength);
  columns.add('year_sin', day.yearSin);
  columns.add('year_cos', day.yearCos);
}
