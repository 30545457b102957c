/**
 * Converts names of rule sets and feature sets in stored data: S3 keys, cache keys, manifests, `spec.json`, MLflow tags and the inputs
 * of activities. Stored names never change, so that caches hit and old models load.
 */
import type { FeatureSetName, RuleSet } from './options.ts';

export type StoredRuleSet = 'seed' | 'all';
export type StoredFeatureSet = 'seed' | 'demand';

export function storedRuleSet(rules: RuleSet): StoredRuleSet {
  return rules === 'standard' ? 'seed' : rules;
}

/** Returns the name that people read. */
export function ruleSetOf(stored: StoredRuleSet): RuleSet {
  return stored === 'seed' ? 'standard' : stored;
}

export function storedFeatureSet(name: FeatureSetName): StoredFeatureSet {
  return name === 'basic' ? 'seed' : name;
}

/** Returns the name that people read. */
export function featureSetNameOf(stored: StoredFeatureSet): FeatureSetName {
  return stored === 'seed' ? 'basic' : stored;
}
