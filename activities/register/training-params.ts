import type { TrainingConfig } from '../../contracts/activities/train.ts';
import { hyperParameterParams } from './hyper-parameter-params.ts';

/** Returns the parameters of an MLflow run that are known before the training. MLflow rejects a later change of their values. */
export function trainingParams(config: TrainingConfig, backend: string): Record<string, string> {
  const { system, featureSet, seed, span, synthetic, hyperParameters } = config;
  return {
    ...hyperParameterParams(hyperParameters),
    system,
    feature_set: featureSet,
    seed: String(seed),
    backend,
    train_from: span.from,
    train_to: span.to,
    synthetic: String(synthetic),
  };
}
