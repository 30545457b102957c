/** Computes statistics of a column of numbers, and the correlation of two columns. */

export interface ColumnProfile {
  readonly count: number;
  /** Number of cells without a value, among rows that should have one. */
  readonly missing: number;
  readonly distinct: number;
  /** Share of the most frequent value among the present values. */
  readonly mostCommonShare: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
  readonly mean: number;
  /** Sample standard deviation (n − 1); 0 for fewer than two values. */
  readonly std: number;
}

/** @returns null for a column without values. */
export function profileColumn(cells: readonly (number | null)[]): ColumnProfile | null {
  const values = cells.filter((cell) => cell !== null).sort((a, b) => a - b);
  const { length } = values;
  if (length === 0) return null;
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const mean = meanOf(values);
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  return {
    count: length,
    missing: cells.length - length,
    distinct: counts.size,
    mostCommonShare: Math.max(...counts.values()) / length,
    min: values[0]!,
    median: (values[Math.floor((length - 1) / 2)]! + values[Math.ceil((length - 1) / 2)]!) / 2,
    max: values[length - 1]!,
    mean,
    std: length > 1 ? Math.sqrt(squares / (length - 1)) : 0,
  };
}

/** Returns Pearson's r over rows with both values, or null if a column is constant or fewer than three rows have both. */
export function correlation(a: readonly (number | null)[], b: readonly (number | null)[]): number | null {
  const pairs = a.flatMap((x, i) => {
    const y = b[i] ?? null;
    return x === null || y === null ? [] : [[x, y] as const];
  });
  if (pairs.length < 3) return null;
  const [meanX, meanY] = [meanOf(pairs.map(([x]) => x)), meanOf(pairs.map(([, y]) => y))];
  let [xx, yy, xy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xx += (x - meanX) ** 2;
    yy += (y - meanY) ** 2;
    xy += (x - meanX) * (y - meanY);
  }
  return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
