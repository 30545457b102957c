import { addDays } from '../../../../../contracts/calendar.ts';
import { WEATHER_INPUT_FACTS } from '../../../../../contracts/weather-columns.ts';
import { FORECAST_COLUMNS } from '../../../../../contracts/weather-forecast.ts';
import type { ForecastIssue } from '../../api/bodies.ts';

interface DayWeather {
  readonly source: ForecastIssue['weather'][number]['source'];
  /** Texts of the form by field, without those that the forecast does not say. */
  readonly texts: Readonly<Record<string, string>>;
}

/** A forecast may not say the snow, and then there is none, as the prediction service assumes. */
const ASSUMED = WEATHER_INPUT_FACTS.flatMap(({ name, assumed }) =>
  assumed === undefined ? [] : [[name, assumed] as const],
);

/** Returns the weather of a day in the units of the form; undefined if the forecast does not reach it. */
export function forecastWeather(days: ForecastIssue['weather'], date: string): DayWeather | undefined {
  const day = days.find((one) => one.date === date);
  if (!day) return undefined;
  const dayBefore = days.find((one) => one.date === addDays(date, -1));
  const values = [
    ...ASSUMED,
    ...FORECAST_COLUMNS.map((column) => [column, day[column]] as const),
    ['PRCP_yesterday', dayBefore?.PRCP ?? null] as const,
  ];
  return {
    source: day.source,
    texts: Object.fromEntries(
      values.flatMap(([name, value]) =>
        value === null ? [] : [[name, String(Math.round(value * 100) / 100)]],
      ),
    ),
  };
}
