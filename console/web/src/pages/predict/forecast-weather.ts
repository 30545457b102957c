import { addDays } from '../../../../../contracts/calendar.ts';
import { WEATHER_INPUT_FACTS } from '../../../../../contracts/weather-columns.ts';
import { fromMetric, toMetric } from '../../../../../contracts/weather-ranges.ts';
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
export function forecastWeather(
  days: ForecastIssue['weather'],
  date: string,
  metric: boolean,
): DayWeather | undefined {
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
        value === null ? [] : [[name, rounded(metric ? toMetric(name, value) : value)]],
      ),
    ),
  };
}

/** Converts the numbers that the reader entered when the units of the form change. Keeps texts that are no numbers. */
export function inOtherUnits(
  texts: Readonly<Record<string, string>>,
  toUnits: 'imperial' | 'metric',
): Record<string, string> {
  const convert = toUnits === 'metric' ? toMetric : fromMetric;
  return Object.fromEntries(
    WEATHER_INPUT_FACTS.flatMap(({ name }) => {
      const text = texts[name]?.trim();
      return text && Number.isFinite(Number(text)) ? [[name, rounded(convert(name, Number(text)))]] : [];
    }),
  );
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}
