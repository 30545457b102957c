/** How a training went: what made the model, how it does on hours that were hidden from it, and every epoch's losses. */
import type { HyperParameters } from '../../contracts/hyper-parameters.ts';
import type { RegressionMetrics } from '../../contracts/model.ts';
import type { EpochRecord } from './checkpoint.ts';
import { FOLDS } from './training-plan.ts';

/** Files of a model folder, beside MODEL_FILES. */
export const TRAINING_REPORT_FILE = 'training-report.json';
/** Name of a series -> its value in each epoch. */
export const HISTORY_FILE = 'history.json';

export interface TrainingReport {
  readonly schemaVersion: 1;
  readonly backend: string;
  readonly versions: { readonly tfjs: string; readonly node: string; readonly citibike: string };
  readonly seed: number;
  readonly hyperParameters: HyperParameters;
  /** Digest of the frame that it was trained on, which pins hours and weather alike. */
  readonly frame: { readonly sha256: string; readonly rows: number };
  /** Seeds of all networks in order, those beside the model too. */
  readonly seeds: readonly number[];
  /** Whole weeks hidden in turn; the interval is calibrated on these very hours, so that its coverage is 90 % by construction. */
  readonly weekBlocks: RegressionMetrics & { readonly folds: number };
  /** A random fifth of the hours hidden from a network of its own: flatters, as the hours next to a hidden one tell what it was like. */
  readonly randomSplit: RegressionMetrics & { readonly note: string };
}

export const RANDOM_SPLIT_NOTE =
  'a random fifth of the training hours, whose neighbouring hours were trained on: flatters, compare only with other random splits';

/** Series of `history.json`. `held_out_loss` is that of hidden weeks; left out where the span is too short to hide any. */
export function historySeries(history: readonly EpochRecord[]): Record<string, number[]> {
  const heldOut = history.map((at) => {
    const known = at.heldOut.slice(0, FOLDS).filter(Number.isFinite);
    return known.reduce((sum, loss) => sum + loss, 0) / known.length;
  });
  return {
    train_loss: history.map(({ loss }) => loss),
    ...(heldOut.every(Number.isFinite) ? { held_out_loss: heldOut } : {}),
    learning_rate: history.map(({ learningRate }) => learningRate),
  };
}
