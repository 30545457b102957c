/** Predicts hours whose weather is not known yet, with intervals that include what the weather may be. */
import {
  FORECAST_INTERVALS,
  type DemandForecastHour,
  type ForecastBounds,
} from '../../contracts/demand-forecast.ts';
import { Z95, type RawForecast } from '../serving/interval.ts';
import type { ServingModel } from '../serving/serving-model.ts';
import type { LevelAt } from './level.ts';
import { mixtureMean, mixtureQuantile } from './mixture.ts';
import type { DayScenarios } from './weather-scenarios.ts';

/** Represents an hour to forecast. A holiday that is left out comes from the calendar of the model. */
export interface HourToForecast {
  readonly date: string;
  readonly hour: number;
  readonly holiday?: number;
}

/**
 * Forecasts hours in order.
 * @param days scenarios of every day of the hours.
 * @param levelAt `levelFrom` or `growthLevel`.
 * @throws TypeError if the scenarios lack a day.
 */
export function demandForecast(
  model: ServingModel,
  hours: readonly HourToForecast[],
  days: readonly DayScenarios[],
  levelAt: LevelAt,
): DemandForecastHour[] {
  const byDate = new Map(days.map((day) => [day.date, day]));
  return hours.map((hour) => {
    const { scenarios, source } = byDate.get(hour.date)!;
    const parts = atLevel(
      model.spreads(scenarios.map((weather) => ({ ...hour, weather }))),
      levelAt(hour.date),
    );
    const prediction = mixtureMean(parts);
    const bounds = (share: number): ForecastBounds => ({
      lower: Math.min(prediction, mixtureQuantile(parts, (1 - share) / 2)),
      upper: Math.max(prediction, mixtureQuantile(parts, (1 + share) / 2)),
    });
    return {
      date: hour.date,
      hour: hour.hour,
      prediction,
      intervals: byInterval(bounds),
      weather: source,
    };
  });
}

function byInterval(bounds: (share: number) => ForecastBounds): DemandForecastHour['intervals'] {
  const [half, eighty, ninety] = FORECAST_INTERVALS;
  return { [half]: bounds(half), [eighty]: bounds(eighty), [ninety]: bounds(ninety) };
}

/** Multiplies predictions by the level, and adds its error to their distances. Both are independent, so squares are added. */
function atLevel(parts: readonly RawForecast[], level: ReturnType<LevelAt>): RawForecast[] {
  const { factor, variance } = level;
  return parts.map(({ middle, below, above }) => {
    const error = Z95 * Math.sqrt(variance) * Math.max(0, middle);
    return {
      middle: middle * factor,
      below: factor * Math.hypot(below, error),
      above: factor * Math.hypot(above, error),
    };
  });
}
