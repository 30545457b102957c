/** Assembles the contents of a model folder from a trained ensemble and its training set. */
import type { HyperParameters } from '../../contracts/hyper-parameters.ts';
import { MODEL_FILES, type ModelSpec } from '../../contracts/model.ts';
import { calibrateByHour, type HeldOut } from './calibration.ts';
import type { EpochRecord } from './checkpoint.ts';
import { headsOf } from './heads.ts';
import { forecastOf, intervalOf, orderOfHeads, type RawForecast } from '../serving/interval.ts';
import { writeLayersModel, type Network } from '../serving/layers-format.ts';
import { regressionMetrics, type Scored } from '../evaluation/regression-metrics.ts';
import { OUT_OF_FOLD_FILE, type OutOfFold } from './out-of-fold.ts';
import { FOLDS, SPLIT_MASK } from './training-plan.ts';
import {
  HISTORY_FILE,
  RANDOM_SPLIT_NOTE,
  TRAINING_REPORT_FILE,
  historySeries,
  type TrainingReport,
} from './training-report.ts';
import type { TrainingSet } from './training-set.ts';

export interface TrainedNetwork {
  /** Average of the members that saw all weeks. */
  readonly network: Network;
  /** Seeds of all members, those of `network` first. */
  readonly seeds: readonly number[];
  /** [masks, rows, heads]: predictions of each row by the members that did not see it. Masks are in the order of `planTraining`. */
  readonly heldOut: Float32Array;
  /** [heads] of the golden row, computed by the trainer's backend. */
  readonly golden: readonly number[];
  readonly history: readonly EpochRecord[];
}

/** Represents the origin of a model: its data and the software that trained it. */
export type Provenance = Pick<TrainingReport, 'backend' | 'versions' | 'seed' | 'frame'> & {
  readonly hyperParameters: HyperParameters;
  readonly trainedOn: ModelSpec['trainedOn'];
  readonly normalHighs: readonly number[];
};

/** Returns file contents by name: MODEL_FILES, `oof.json`, `history.json` and `training-report.json`. */
export function assembleModelFolder(
  training: TrainingSet,
  trained: TrainedNetwork,
  provenance: Provenance,
): Record<string, Uint8Array> {
  const { hyperParameters, trainedOn, normalHighs, ...made } = provenance;
  const heads = headsOf(hyperParameters.loss);
  const forecast = (outputs: ArrayLike<number>, offset: number, row: number): RawForecast =>
    forecastOf(outputs, offset, orderOfHeads(heads), training.target, training.growthFactor[row]!);
  const rowOf = (mask: number, row: number) => (mask * training.trips.length + row) * heads.length;
  const hidden = (mask: number, row: number): HeldOut | undefined => {
    const offset = rowOf(mask, row);
    if (Number.isNaN(trained.heldOut[offset])) return undefined;
    const { hour } = training.inputs[row]!;
    return { hour, actual: training.trips[row]!, ...forecast(trained.heldOut, offset, row) };
  };
  const rows = training.inputs.map((_, row) => row);
  // Each row belongs to exactly one fold.
  const heldOut = rows.map((row) => firstOf(FOLDS, (fold) => hidden(fold, row)));
  const calibration = hyperParameters.calibration ? calibrateByHour(heldOut) : undefined;
  const hasInterval = calibration !== undefined || heads.length > 1;
  const scored = heldOut.map((row): Scored => {
    const factors = { below: calibration?.below[row.hour] ?? 1, above: calibration?.above[row.hour] ?? 1 };
    return { ...scoredOf(row), ...(hasInterval ? intervalOf(row, factors) : {}) };
  });
  const split = rows.flatMap((row) => hidden(SPLIT_MASK, row) ?? []);
  const spec: ModelSpec = {
    schemaVersion: 1,
    featureSet: training.set.name,
    features: training.set.features,
    scaling: training.scaling,
    target: training.target,
    growth: training.growth,
    heads,
    calibration,
    imputation: training.imputation,
    trainedOn: { ...trainedOn, weather: training.weather },
    place: training.place,
    normalHighs,
    backend: made.backend,
    seeds: trained.seeds.slice(0, trained.network.members.length),
    golden: {
      input: training.inputs[training.goldenRow]!,
      prediction: Math.max(0, forecast(trained.golden, 0, training.goldenRow).middle),
    },
  };
  const report: TrainingReport = {
    schemaVersion: 1,
    ...made,
    hyperParameters,
    seeds: trained.seeds,
    weekBlocks: { folds: FOLDS, ...regressionMetrics(scored) },
    randomSplit: { note: RANDOM_SPLIT_NOTE, ...regressionMetrics(split.map(scoredOf)) },
  };
  const { topology, weights } = writeLayersModel(trained.network, MODEL_FILES.weights);
  const text = new TextEncoder();
  const json = (value: unknown, indent?: number) => text.encode(JSON.stringify(value, null, indent));
  return {
    [MODEL_FILES.topology]: text.encode(topology),
    [MODEL_FILES.weights]: weights,
    [MODEL_FILES.spec]: json(spec, 1),
    [OUT_OF_FOLD_FILE]: json(outOfFoldOf(training, scored)),
    [HISTORY_FILE]: json(historySeries(trained.history), 1),
    [TRAINING_REPORT_FILE]: json(report, 2),
  };
}

function firstOf<T>(count: number, get: (index: number) => T | undefined): T {
  for (let i = 0; i < count; i++) {
    const found = get(i);
    if (found !== undefined) return found;
  }
  throw new RangeError('a row belongs to no fold');
}

function scoredOf({ actual, middle }: HeldOut): Scored {
  return { actual, prediction: Math.max(0, middle) };
}

function outOfFoldOf({ inputs }: TrainingSet, scored: readonly Scored[]): OutOfFold {
  return {
    schemaVersion: 1,
    date: inputs.map(({ date }) => date),
    hour: inputs.map(({ hour }) => hour),
    prediction: scored.map(({ prediction }) => rounded(prediction)),
    lower: scored.map(({ lower }) => (typeof lower === 'number' ? rounded(lower) : null)),
    upper: scored.map(({ upper }) => (typeof upper === 'number' ? rounded(upper) : null)),
  };
}

/** Rounds to hundredths of a trip, which halves the size of the file. */
function rounded(trips: number): number {
  return Math.round(trips * 100) / 100;
}
