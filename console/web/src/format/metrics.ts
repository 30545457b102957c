/** Which metrics to put into a table, and how they are called there. */

export interface ShownMetric {
  readonly key: string;
  readonly label: string;
}

/** The ones people ask for, in that order: as versions of the registry have them, and as runs have them. */
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

/** Of what the rows have; where they have none of the known ones, their first few by name. */
export function shownMetrics(rows: readonly Readonly<Record<string, number>>[]): ShownMetric[] {
  const present = new Set(rows.flatMap((metrics) => Object.keys(metrics)));
  const known = KNOWN.filter(({ key }) => present.has(key));
  if (known.length > 0) return known;
  return [...present]
    .sort()
    .slice(0, MOST)
    .map((key) => ({ key, label: key }));
}
