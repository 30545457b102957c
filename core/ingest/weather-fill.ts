/** Fills the weather of every day of a span. A day without an observation gets that of the day before, with a flag. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { FrameRow, WeatherDay } from '../../contracts/frame.ts';
import {
  DAY_BEFORE_COLUMNS,
  WEATHER_COLUMNS,
  byColumn,
  observedAs,
  type WeatherInput,
} from '../../contracts/weather-columns.ts';
import { addDays, daysBetween } from '../../contracts/calendar.ts';

/** Represents the weather of one day, as the frame repeats it for each hour. */
export type FrameWeather = Pick<FrameRow, 'date' | WeatherInput | 'weather_filled'>;

/** Limits the number of days in a row that are filled. */
export const MOST_DAYS_CARRIED = 3;

/**
 * Fills the weather of a span.
 * @param days observations in any order. Days before the span provide values to carry forward, and the rain of the day before.
 * @throws CitibikeError BAD_WEATHER naming the days, when more than three in a row are missing or no earlier day exists.
 */
export function fillWeather(days: readonly WeatherDay[], firstDay: string, lastDay: string): FrameWeather[] {
  const observed = new Map(days.filter(isObserved).map((day) => [day.date, day]));
  const lookBack = addDays(firstDay, -MOST_DAYS_CARRIED);
  const filled: FrameWeather[] = [];
  const missing: string[] = [];
  let last: WeatherDay | undefined;
  let run: string[] = [];
  for (const date of daysBetween(lookBack, lastDay)) {
    const day = observed.get(date);
    if (day) {
      last = day;
      run = [];
    } else {
      run.push(date);
    }
    if (date < firstDay) continue;
    if (!last || run.length > MOST_DAYS_CARRIED) {
      missing.push(...run.filter((each) => each >= firstDay && !missing.includes(each)));
      continue;
    }
    filled.push({
      ...weatherOf(last, observed.get(addDays(date, -1))),
      date,
      weather_filled: day === undefined,
    });
  }
  if (missing.length > 0) {
    throw new CitibikeError(
      'BAD_WEATHER',
      `no weather for ${namesOf(missing)}: at most ${MOST_DAYS_CARRIED} days in a row are carried forward from the day before. ` +
        'Ingest again with a weather source that has them.',
      { days: missing.slice(0, 31), missing: missing.length },
    );
  }
  return filled;
}

function isObserved(day: WeatherDay): boolean {
  return WEATHER_COLUMNS.some((column) => (day[column] ?? null) !== null);
}

function weatherOf(day: WeatherDay, dayBefore: WeatherDay | undefined): Pick<FrameWeather, WeatherInput> {
  const fromDayBefore = byColumn(DAY_BEFORE_COLUMNS, (column) => dayBefore?.[observedAs(column)] ?? null);
  return { ...byColumn(WEATHER_COLUMNS, (column) => day[column] ?? null), ...fromDayBefore };
}

function namesOf(days: readonly string[]): string {
  return days.length <= 10 ? days.join(', ') : `${days[0]} to ${days.at(-1)} (${days.length} days)`;
}
