/** Forecasts past hours at one lead day, as an issue of so many days before would have done. */
import { addDays } from '../../contracts/calendar.ts';
import type { DemandForecastHour } from '../../contracts/demand-forecast.ts';
import type { FrameRow, WeatherDay } from '../../contracts/frame.ts';
import type { ForecastDay } from '../../contracts/weather-forecast.ts';
import type { ServingModel } from '../serving/serving-model.ts';
import { demandForecast } from './demand-forecast.ts';
import type { LevelAt } from './level.ts';
import { MEASURED_ERRORS } from './measured-errors.ts';
import { weatherScenarios } from './weather-scenarios.ts';

/** Maps lead day and date to the weather forecast. */
export type ForecastsByLead = ReadonlyMap<number, ReadonlyMap<string, ForecastDay>>;

export interface LeadContext {
  readonly model: ServingModel;
  /** Hours to forecast, whole days in order. */
  readonly rows: readonly FrameRow[];
  /** Observed weather by date, of the rows and of days before them. */
  readonly observed: ReadonlyMap<string, Pick<WeatherDay, 'SNWD'>>;
  /** Days of the training months. */
  readonly climate: readonly WeatherDay[];
  readonly levelAt: LevelAt;
  readonly seed: number;
}

/**
 * Forecasts day by day, in the order of the rows, so that a caller can pause between days. The rain of the day before is known at lead
 * day 1, and forecast by the same issue at later ones.
 */
export function* forecastLead(
  { model, rows, observed, climate, levelAt, seed }: LeadContext,
  forecasts: ForecastsByLead,
  lead: number,
): Generator<DemandForecastHour[], void> {
  for (const [date, hours] of Map.groupBy(rows, (row) => row.date)) {
    const issueDay = addDays(date, -lead);
    const dayBefore = lead > 1 ? forecasts.get(lead - 1)?.get(addDays(date, -1)) : undefined;
    const day = forecasts.get(lead)?.get(date);
    const scenarios = weatherScenarios({
      forecast: {
        provider: 'api.weather.gov',
        issuedAt: `${issueDay}T12:00:00.000Z`,
        issueDay,
        days: [dayBefore, day].filter((told) => told !== undefined),
      },
      days: dayBefore ? [dayBefore.date, date] : [date],
      before: {
        PRCP: lead > 1 ? null : (hours[0]!.PRCP_yesterday ?? null),
        SNWD: observed.get(issueDay)?.SNWD ?? null,
      },
      climate,
      errors: MEASURED_ERRORS,
      seed,
    });
    yield demandForecast(model, hours, scenarios, levelAt);
  }
}
