/** Puts a trained ensemble together with everything that was learned beside it: the contents of a model folder. */
import { MODEL_FILES, type ModelSpec } from '../../contracts/model.ts';
import { calibrateByHour } from './calibration.ts';
import { writeLayersModel, type Network } from './layers-format.ts';
import { OUT_OF_FOLD_FILE, type OutOfFold } from './out-of-fold.ts';
import type { TrainingSet } from './training-set.ts';

/** Outputs of every network: the bounds of a 90 % interval and the median, which is the prediction. */
export const QUANTILE_HEADS = [0.05, 0.5, 0.95] as const;
const HEADS = QUANTILE_HEADS.length;

export interface TrainedNetwork {
  /** The members that saw all weeks. */
  readonly network: Network;
  readonly seeds: readonly number[];
  readonly backend: string;
  /** [rows, heads]: what the member that was not shown a row's week says about it. */
  readonly heldOut: Float32Array;
  /** [heads] of the golden row, by the trainer's own backend. */
  readonly golden: readonly number[];
}

/** Heads of one row in trips per hour, in order: crossed quantiles are sorted out round the median. */
function tripsOf(heads: ArrayLike<number>, at: number, training: TrainingSet, row: number) {
  const { mean, std } = training.target;
  const [low, middle, high] = [0, 1, 2].map(
    (h) => (heads[at + h]! * std + mean) * training.growthFactor[row]!,
  ) as [number, number, number];
  return { prediction: Math.max(0, middle), lower: low, upper: high };
}

/** @returns file contents by name: MODEL_FILES and `oof.json`. */
export function assembleModelFolder(
  training: TrainingSet,
  trained: TrainedNetwork,
  trainedOn: ModelSpec['trainedOn'],
): Record<string, Uint8Array> {
  const heldOut = training.inputs.map(({ date, hour }, row) => ({
    date,
    hour,
    actual: training.trips[row]!,
    ...tripsOf(trained.heldOut, row * HEADS, training, row),
  }));
  const calibration = calibrateByHour(heldOut);
  const outOfFold: OutOfFold = {
    schemaVersion: 1,
    date: heldOut.map(({ date }) => date),
    hour: heldOut.map(({ hour }) => hour),
    prediction: heldOut.map(({ prediction }) => rounded(prediction)),
    lower: heldOut.map(({ lower, prediction, hour }) =>
      rounded(Math.max(0, Math.min(lower + calibration.lower[hour]!, prediction))),
    ),
    upper: heldOut.map(({ upper, prediction, hour }) =>
      rounded(Math.max(upper + calibration.upper[hour]!, prediction)),
    ),
  };
  const spec: ModelSpec = {
    schemaVersion: 1,
    featureSet: training.set.name,
    features: training.set.features,
    scaling: training.scaling,
    target: training.target,
    growth: training.growth,
    heads: QUANTILE_HEADS,
    calibration,
    imputation: training.imputation,
    trainedOn,
    backend: trained.backend,
    seeds: trained.seeds,
    golden: {
      input: training.inputs[training.goldenRow]!,
      prediction: tripsOf(trained.golden, 0, training, training.goldenRow).prediction,
    },
  };
  const { topology, weights } = writeLayersModel(trained.network, MODEL_FILES.weights);
  const text = new TextEncoder();
  return {
    [MODEL_FILES.topology]: text.encode(topology),
    [MODEL_FILES.weights]: weights,
    [MODEL_FILES.spec]: text.encode(JSON.stringify(spec, null, 1)),
    [OUT_OF_FOLD_FILE]: text.encode(JSON.stringify(outOfFold)),
  };
}

/** Hundredths of a trip are plenty, and halve the file. */
function rounded(trips: number): number {
  return Math.round(trips * 100) / 100;
}
