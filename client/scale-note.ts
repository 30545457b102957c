import type { Scored } from '../core/evaluation/regression-metrics.ts';

/** Ratio of two means that no year-over-year change of one system reaches; New York and Jersey City differ by 40. */
const MOST_RATIO = 3;

/**
 * Returns a note if the predictions are of another size than the trips, as with hours of another system. Files of hours do not
 * name their system.
 * @returns an empty text if the sizes fit.
 */
export function scaleNote(system: string, scored: readonly Scored[]): string {
  const meanOf = (field: 'actual' | 'prediction') =>
    scored.reduce((sum, each) => sum + each[field], 0) / scored.length;
  const [actual, predicted] = [meanOf('actual'), meanOf('prediction')];
  if (Math.max(actual, predicted) <= MOST_RATIO * Math.min(actual, predicted)) return '';
  return (
    `note: the model was trained on ${system} and predicts ${predicted.toFixed(0)} trips per hour on average, but the files have ` +
    `${actual.toFixed(0)}; check that --hourly and --weather are of ${system}\n`
  );
}
