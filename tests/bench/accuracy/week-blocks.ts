/** Scores a training on whole weeks of its own span, each hidden in turn. Choices of the model rest on this score. */
import type { RegressionMetrics } from '../../../contracts/model.ts';
import { calibrateByHour, type HeldOut } from '../../../core/training/calibration.ts';
import { headsOf } from '../../../core/training/heads.ts';
import { forecastOf, intervalOf, orderOfHeads } from '../../../core/serving/interval.ts';
import { regressionMetrics } from '../../../core/evaluation/regression-metrics.ts';
import { FOLDS } from '../../../core/training/training-plan.ts';
import type { HyperParameters } from '../../../contracts/hyper-parameters.ts';
import type { LocalModel } from './train-locally.ts';

/**
 * Predicts each hour with networks that did not see its week. Calibrates its interval on the other folds only, so
 * that the coverage is a measurement.
 */
export function weekBlockMetrics(
  { training, heldOut }: LocalModel,
  { loss, calibration }: Pick<HyperParameters, 'loss' | 'calibration'>,
): RegressionMetrics {
  const heads = headsOf(loss);
  const rows = training.trips.length;
  const folds = Array.from({ length: FOLDS }, (_, fold) =>
    training.trips.flatMap((actual, row): HeldOut[] => {
      const offset = (fold * rows + row) * heads.length;
      if (Number.isNaN(heldOut[offset])) return [];
      const { hour } = training.inputs[row]!;
      const growth = training.growthFactor[row]!;
      return [{ hour, actual, ...forecastOf(heldOut, offset, orderOfHeads(heads), training.target, growth) }];
    }),
  );
  const hasInterval = calibration || heads.length > 1;
  return regressionMetrics(
    folds.flatMap((hidden, fold) => {
      const factors = calibration
        ? calibrateByHour(folds.filter((_, other) => other !== fold).flat())
        : undefined;
      return hidden.map((row) => ({
        actual: row.actual,
        prediction: Math.max(0, row.middle),
        ...(hasInterval
          ? intervalOf(row, {
              below: factors?.below[row.hour] ?? 1,
              above: factors?.above[row.hour] ?? 1,
            })
          : {}),
      }));
    }),
  );
}
