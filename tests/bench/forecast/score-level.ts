/** Scores months that a version never saw, with observed weather and the level of the months published before each. */
import { addMonths } from '../../../contracts/calendar.ts';
import type { FrameRow } from '../../../contracts/frame.ts';
import type { RegressionMetrics } from '../../../contracts/model.ts';
import { regressionMetrics } from '../../../core/evaluation/regression-metrics.ts';
import { levelAfter, publishedMonths, scoreAtLevel } from '../../../core/forecast/score-at-level.ts';
import type { ServingModel } from '../../../core/serving/serving-model.ts';

/**
 * Predicts each month with the months before it that were published.
 * @param lateMonths months right before the predicted one that were not published yet, or null without a level.
 */
export function scoreLevel(
  model: ServingModel,
  rows: readonly FrameRow[],
  lateMonths: number | null,
): RegressionMetrics {
  const months = publishedMonths(model, rows);
  const scored = [...Map.groupBy(rows, ({ date }) => date.slice(0, 7))].flatMap(([month, hours]) => {
    const isKnown = (known: string) => lateMonths !== null && known < addMonths(month, -lateMonths);
    const known = months.filter((each) => isKnown(each.month));
    return scoreAtLevel(model, hours, levelAfter(model, known));
  });
  return regressionMetrics(scored);
}
