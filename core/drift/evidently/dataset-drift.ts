import type { ColumnDrift } from './column-drift.ts';

/** Represents the drift of a data set, with Evidently's names. */
export interface DatasetDrift {
  readonly drift_share: number;
  readonly number_of_columns: number;
  readonly number_of_drifted_columns: number;
  readonly share_of_drifted_columns: number;
  readonly dataset_drift: boolean;
}

/** Is the share of drifted columns from which the data set counts as drifted, as in Evidently. */
const DRIFT_SHARE = 0.5;

export function datasetDrift(columns: Readonly<Record<string, ColumnDrift>>): DatasetDrift {
  const all = Object.values(columns);
  const drifted = all.filter((column) => column.drift_detected).length;
  const share = all.length === 0 ? 0 : drifted / all.length;
  return {
    drift_share: DRIFT_SHARE,
    number_of_columns: all.length,
    number_of_drifted_columns: drifted,
    share_of_drifted_columns: share,
    dataset_drift: share >= DRIFT_SHARE,
  };
}
