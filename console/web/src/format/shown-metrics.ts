/** Chooses the metrics of a table, and their labels. */

interface ShownMetric {
  readonly key: string;
  readonly label: string;
}

/** Metrics by importance, under the names that versions and runs have. */
const KNOWN: readonly ShownMetric[] = [
  { key: 'rmse', label: 'RMSE' },
  { key: 'mae', label: 'MAE' },
  { key: 'r2', label: 'R²' },
  { key: 'test_rmse', label: 'Test RMSE' },
  { key: 'test_mae', label: 'Test MAE' },
  { key: 'test_r2', label: 'Test R²' },
  { key: 'test_bias', label: 'Test bias' },
  { key: 'test_coverage', label: 'Coverage' },
  { key: 'naive_rmse', label: 'Naive RMSE' },
];

const MOST = 6;

/** Returns the known metrics that the rows have, or else their first few by name. */
export function shownMetrics(rows: readonly Readonly<Record<string, number>>[]): ShownMetric[] {
  const present = new Set(rows.flatMap((metrics) => Object.keys(metrics)));
  const known = KNOWN.filter(({ key }) => present.has(key));
  if (known.length > 0) return known;
  return [...present]
    .sort()
    .slice(0, MOST)
    .map((key) => ({ key, label: key }));
}
