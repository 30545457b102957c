import { describe, expect, it } from 'vitest';
import { regressionErrors } from '../../../core/drift/evidently/regression-errors.ts';
import { regressionQuality } from '../../../core/drift/evidently/regression-quality.ts';

const qualityOf = (target: readonly number[], prediction: readonly number[]) =>
  regressionQuality(regressionErrors(Float64Array.from(target), Float64Array.from(prediction)));

describe('regressionQuality', () => {
  // Errors are 10, −10, 30, −20, 100; quantiles np.quantile(e, [.05, .95]) = [−18, 86].
  const quality = qualityOf([100, 200, 300, 400, 500], [110, 190, 330, 380, 600]);

  it('has the numbers of NumPy', () => {
    expect(quality.mean_error).toBeCloseTo(22, 12);
    expect(quality.error_std).toBeCloseTo(47.644516998286385, 12);
    expect(quality.mean_abs_error).toBeCloseTo(34, 12);
    expect(quality.abs_error_std).toBeCloseTo(37.815340802378074, 12);
    expect(quality.mean_abs_perc_error).toBeCloseTo(10, 12);
    expect(quality.abs_perc_error_std).toBeCloseTo(0.06123724356957946, 14);
    expect(quality.abs_error_max).toBe(100);
    expect(quality.rmse).toBeCloseTo(47.958315233127195, 12);
    expect(quality.r2_score).toBeCloseTo(0.885, 12);
  });

  it('groups the errors by their 5 % and 95 % quantiles', () => {
    expect(quality.underperformance).toEqual({
      majority: { mean_error: 10, std_error: 20 },
      underestimation: { mean_error: -20, std_error: null },
      overestimation: { mean_error: 100, std_error: null },
    });
  });

  it('omits rows without target or prediction', () => {
    const { rows, mean_error } = qualityOf([1, NaN, 3], [2, 2, Infinity]);
    expect({ rows, mean_error }).toEqual({ rows: 1, mean_error: 1 });
  });

  it('gives null instead of numbers if no row is left', () => {
    const empty = qualityOf([NaN], [1]);
    expect(empty).toMatchObject({ rows: 0, rmse: null, r2_score: null, abs_error_max: null });
  });

  it('gives a huge percentage for a zero target, as Evidently does', () => {
    const { mean_abs_perc_error } = qualityOf([0, 10], [1, 10]);
    expect(mean_abs_perc_error).toBeCloseTo(50 / Number.EPSILON, -10);
  });
});
