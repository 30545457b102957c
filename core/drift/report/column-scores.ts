import type { ColumnScore } from '../../../contracts/drift-reading.ts';
import type { Comparison } from '../evidently/compare.ts';

/** Represents a score with the name of the column that it was computed for, which stays when sine and cosine are merged. */
interface NamedScore extends ColumnScore {
  readonly of: string;
}

/** Lists the scores of a comparison in the form that the report and the console read. */
export function columnScores({ columns }: Pick<Comparison, 'columns'>): NamedScore[] {
  return Object.entries(columns).map(([column, { test, drift_score, threshold, drift_detected }]) => ({
    column,
    of: column,
    test,
    score: drift_score,
    threshold,
    drifted: drift_detected,
  }));
}
