/** Defines the report of a training: its inputs, its scores on hidden hours, and the losses of every epoch. */
import type { HyperParameters } from '../../contracts/hyper-parameters.ts';
import type { RegressionMetrics } from '../../contracts/model.ts';
import type { EpochRecord } from './checkpoint.ts';
import { FOLDS } from './training-plan.ts';

/** Names a file of a model folder, beside MODEL_FILES. */
export const TRAINING_REPORT_FILE = 'training-report.json';
/** Names a file of a model folder that maps the name of a series to its value in each epoch. */
export const HISTORY_FILE = 'history.json';

export interface TrainingReport {
  readonly schemaVersion: 1;
  readonly backend: string;
  readonly versions: { readonly tfjs: string; readonly node: string; readonly citibike: string };
  readonly seed: number;
  readonly hyperParameters: HyperParameters;
  /** Digest of the training frame, which identifies hours and weather. */
  readonly frame: { readonly sha256: string; readonly rows: number };
  /** Seeds of all networks in order, including those that are not part of the model. */
  readonly seeds: readonly number[];
  /** Scores on whole hidden weeks. The interval is calibrated on these hours, so its coverage is 90 % by construction. */
  readonly weekBlocks: RegressionMetrics & { readonly folds: number };
  /** Scores on a random fifth of the hours. They are optimistic, because the network saw the hours next to a hidden one. */
  readonly randomSplit: RegressionMetrics & { readonly note: string };
}

export const RANDOM_SPLIT_NOTE =
  'a random fifth of the training hours; optimistic, because the network saw the neighbouring hours; compare only with other random splits';

/** Returns the mean loss of hidden weeks. Returns NaN if the span is too short to hide any. */
export function heldOutLoss({ heldOut }: EpochRecord): number {
  const known = heldOut.slice(0, FOLDS).filter(Number.isFinite);
  return known.reduce((sum, loss) => sum + loss, 0) / known.length;
}

/** Returns the series of `history.json`. It omits `held_out_loss`, the loss of hidden weeks, if the span is too short to hide any. */
export function historySeries(history: readonly EpochRecord[]): Record<string, number[]> {
  const heldOut = history.map(heldOutLoss);
  return {
    train_loss: history.map(({ loss }) => loss),
    ...(heldOut.every(Number.isFinite) ? { held_out_loss: heldOut } : {}),
    learning_rate: history.map(({ learningRate }) => learningRate),
  };
}
