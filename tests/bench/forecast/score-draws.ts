/** Scores demand forecasts from drawn weather forecasts, beside the plain forecast, which takes them for observations. */
import type { ForecastBounds } from '../../../contracts/demand-forecast.ts';
import type { FrameRow, WeatherDay } from '../../../contracts/frame.ts';
import type { RegressionMetrics } from '../../../contracts/model.ts';
import type { ForecastDay } from '../../../contracts/weather-forecast.ts';
import { regressionMetrics, type Scored } from '../../../core/evaluation/regression-metrics.ts';
import { forecastLead, type ForecastsByLead } from '../../../core/forecast/forecast-lead.ts';
import { growthLevel } from '../../../core/forecast/level.ts';
import type { ServingModel } from '../../../core/serving/serving-model.ts';
import { inputOf } from '../../../core/training/training-set.ts';

export interface LeadScores {
  readonly plain: RegressionMetrics;
  readonly ours: RegressionMetrics;
  /** Mean width that each has if one factor on its distances makes it cover 90 %. */
  readonly widthAt90: { readonly plain: number; readonly ours: number };
  /** Coverage of the narrower intervals. */
  readonly coverage: { readonly half: number; readonly eighty: number };
}

export interface DrawsToScore {
  readonly model: ServingModel;
  readonly rows: readonly FrameRow[];
  readonly climate: readonly WeatherDay[];
}

interface OurHour extends Scored {
  readonly half: ForecastBounds;
  readonly eighty: ForecastBounds;
}

/** @param number number of the draw, which seeds its scenarios. */
export function scoreLead(
  context: DrawsToScore,
  draw: ForecastsByLead,
  number: number,
  lead: number,
): LeadScores {
  const { model, rows } = context;
  const forecasts = draw.get(lead)!;
  const kept = rows.filter(({ date }) => forecasts.has(date));
  const plain = model
    .predict(
      kept.map((row) => ({
        ...inputOf(row),
        weather: { ...inputOf(row).weather, ...asObserved(forecasts.get(row.date)!) },
      })),
    )
    .map(({ prediction, lower, upper }, i): Scored => ({ actual: kept[i]!.trips, prediction, lower, upper }));
  const ours = forecastHours(context, draw, number, lead, kept);
  const inside = (bounds: (hour: OurHour) => ForecastBounds) =>
    ours.filter((hour) => hour.actual >= bounds(hour).lower && hour.actual <= bounds(hour).upper).length /
    ours.length;
  return {
    plain: regressionMetrics(plain),
    ours: regressionMetrics(ours),
    widthAt90: { plain: widthAt90(plain), ours: widthAt90(ours) },
    coverage: { half: inside(({ half }) => half), eighty: inside(({ eighty }) => eighty) },
  };
}

function asObserved({ TMAX, TMIN, PRCP, SNOW, AWND }: ForecastDay) {
  return { TMAX, TMIN, PRCP, SNOW, AWND };
}

function forecastHours(
  { model, rows, climate }: DrawsToScore,
  draw: ForecastsByLead,
  seed: number,
  lead: number,
  kept: readonly FrameRow[],
): OurHour[] {
  const observed = new Map(rows.map((row) => [row.date, row]));
  const context = { model, rows: kept, observed, climate, levelAt: growthLevel(model), seed };
  return [...forecastLead(context, draw, lead)].flat().map(({ prediction, intervals }, i): OurHour => ({
    actual: kept[i]!.trips,
    prediction,
    ...intervals[0.9],
    half: intervals[0.5],
    eighty: intervals[0.8],
  }));
}

function widthAt90(scored: readonly Scored[]): number {
  const needed = scored.map(({ actual, prediction, lower, upper }) =>
    actual < prediction
      ? (prediction - actual) / (prediction - lower!)
      : (actual - prediction) / (upper! - prediction),
  );
  const factor = needed.toSorted((a, b) => a - b)[Math.ceil(0.9 * needed.length) - 1]!;
  const width = scored.reduce((sum, { lower, upper }) => sum + upper! - lower!, 0) / scored.length;
  return factor * width;
}
