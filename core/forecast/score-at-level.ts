/** Applies a level to hours with observed weather, for backtests. */
import type { FrameRow } from '../../contracts/frame.ts';
import { WEATHER_INPUTS, byColumn } from '../../contracts/weather-columns.ts';
import type { Scored } from '../evaluation/regression-metrics.ts';
import type { ServingModel } from '../serving/serving-model.ts';
import { inputOf } from '../training/training-set.ts';
import { demandForecast } from './demand-forecast.ts';
import { estimateLevel, growthLevel, levelFrom, type LevelAt, type PublishedMonth } from './level.ts';

/** Predicts each hour from its observed weather at a level, with its 90 % interval. */
export function scoreAtLevel(model: ServingModel, rows: readonly FrameRow[], levelAt: LevelAt): Scored[] {
  return rows.flatMap((row) => {
    const scenarios = [byColumn(WEATHER_INPUTS, (column) => row[column] ?? null)];
    const day = { date: row.date, source: 'forecast' as const, scenarios };
    return demandForecast(model, [row], [day], levelAt).map(({ prediction, intervals }) => ({
      actual: row.trips,
      prediction,
      ...intervals[0.9],
    }));
  });
}

/** Adds up the months of the rows, from which `estimateLevel` estimates a level. Each must be whole. */
export function publishedMonths(model: ServingModel, rows: readonly FrameRow[]): PublishedMonth[] {
  return [...Map.groupBy(rows, ({ date }) => date.slice(0, 7))].map(([month, hours]) => ({
    month,
    hours: hours.length,
    actual: sum(hours.map(({ trips }) => trips)),
    predicted: sum(model.predict(hours.map(inputOf)).map(({ prediction }) => prediction)),
  }));
}

/** Returns the level after the months, or that of growth if none of them is after the training. */
export function levelAfter(model: ServingModel, months: readonly PublishedMonth[]): LevelAt {
  const level = estimateLevel(months, model);
  return level ? levelFrom(level) : growthLevel(model);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
