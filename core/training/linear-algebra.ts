/** Provides the linear algebra of a ridge regression with a few dozen columns. */
import { CitibikeError } from '../../contracts/errors.ts';

/**
 * Inverts a symmetric positive definite matrix by Cholesky decomposition.
 * @throws CitibikeError TRAINING_FAILED when it is not positive definite.
 */
export function inverseSpd(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const lower = matrix.map(() => new Array<number>(n).fill(0));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!;
      if (i === j && !(sum > 0)) {
        throw new CitibikeError(
          'TRAINING_FAILED',
          'growth: the regression of the daily totals is singular; train on more months',
        );
      }
      lower[i]![j] = i === j ? Math.sqrt(sum) : sum / lower[j]![j]!;
    }
  }
  const columns = matrix.map((_, column) => {
    const solution = matrix.map((_row, i) => (i === column ? 1 : 0));
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) solution[i]! -= lower[i]![k]! * solution[k]!;
      solution[i]! /= lower[i]![i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) solution[i]! -= lower[k]![i]! * solution[k]!;
      solution[i]! /= lower[i]![i]!;
    }
    return solution;
  });
  return columns; // symmetric: columns are rows
}

/** Multiplies a matrix by a vector. */
export function times(matrix: readonly (readonly number[])[], vector: readonly number[]): number[] {
  return matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i]!, 0));
}
