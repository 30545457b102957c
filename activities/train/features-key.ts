/** Adds the features of a set to cache keys, so that a training after a change of the set never returns an earlier model. */
import { digestOf } from '../../adapters/s3/artifact-store.ts';
import type { FeatureSet } from '../../core/features/feature-set.ts';

/** Digests of the features that each set had while keys named the set only. Those keys must stay valid. */
const FEATURES_IN_SET_NAME: Readonly<Record<FeatureSet['name'], string>> = {
  seed: '1777cdacca78dc2502f7b9243e8f189a07211cdd2c8d7692849fd14eb5553520',
  demand: 'd5a33ebbd1751940915275966a1a9b3d51bf4752d0daa8f78d3ef679fa000b42',
};

/** Returns the part of a key that tells apart trainings with different features. It is empty for the features above. */
export function featuresKey({ name, features }: Pick<FeatureSet, 'name' | 'features'>): {
  features?: string;
} {
  const digest = digestOf(features);
  return digest === FEATURES_IN_SET_NAME[name] ? {} : { features: digest };
}
