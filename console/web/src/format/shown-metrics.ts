/** Chooses the metrics of a table, with their titles and units. */
import { inUnitOf, metricLabel } from '../../../../contracts/metric-facts.ts';

interface ShownMetric {
  readonly key: string;
  readonly label: string;
  /** Returns the value of a row in the unit of the label. */
  readonly valueOf: (metrics: Readonly<Record<string, number>>) => number | undefined;
}

/** Metrics by importance, under the names that versions and runs have. */
const BY_IMPORTANCE = [
  'rmse',
  'mae',
  'r2',
  'test_rmse',
  'test_mae',
  'test_r2',
  'test_bias',
  'test_coverage',
  'naive_rmse',
];

const MOST = 6;

/** Returns the known metrics that the rows have, or else their first few by name. */
export function shownMetrics(rows: readonly Readonly<Record<string, number>>[]): ShownMetric[] {
  const present = new Set(rows.flatMap((metrics) => Object.keys(metrics)));
  const known = BY_IMPORTANCE.filter((key) => present.has(key));
  const shown = known.length > 0 ? known : [...present].sort().slice(0, MOST);
  return shown.map((key) => ({
    key,
    label: metricLabel(key),
    valueOf: ({ [key]: value }) => value && inUnitOf(key, value),
  }));
}
