import { normalQuantile } from './distributions/normal-quantile.ts';
import { finiteOrNull, mean } from './moments.ts';
import type { RegressionErrors } from './regression-errors.ts';

/** Represents the line through a normal probability plot of the errors. r is near 1 if they are normal. Names are Evidently's. */
export interface ErrorNormality {
  readonly slope: number | null;
  readonly intercept: number | null;
  readonly r: number | null;
}

/** Fits sorted errors to the normal quantiles of Filliben's medians by least squares, like scipy.stats.probplot. */
export function errorNormality({ sorted }: RegressionErrors): ErrorNormality {
  const n = sorted.length;
  if (n < 2) return { slope: null, intercept: null, r: null };
  const last = 0.5 ** (1 / n);
  const x = sorted.map((_, i) => {
    const median = i === 0 ? 1 - last : i === n - 1 ? last : (i + 1 - 0.3175) / (n + 0.365);
    return normalQuantile(median);
  });
  const [meanX, meanY] = [mean(x), mean(sorted)];
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const dx = x[i]! - meanX;
    const dy = sorted[i]! - meanY;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  const slope = xy / xx;
  return {
    slope: finiteOrNull(slope),
    intercept: finiteOrNull(meanY - slope * meanX),
    r: yy === 0 ? 0 : finiteOrNull(xy / Math.sqrt(xx * yy)),
  };
}
