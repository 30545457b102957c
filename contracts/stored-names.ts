/**
 * Converts names of systems, rule sets and feature sets in stored data: S3 keys, cache keys, manifests, `spec.json`, MLflow tags, rows of
 * Postgres and the inputs of activities. Stored names never change, so that caches hit and old models load.
 */
import type { FeatureSetName, RuleSet } from './options.ts';

const SYNTHETIC = '-synthetic';

/** Returns the name of a system or station in stored data. Synthetic data have one of their own, so that they are never mistaken for real. */
export function storedName(id: string, synthetic: boolean): string {
  return synthetic ? `${id}${SYNTHETIC}` : id;
}

/** Returns the id of a system or station by its name in stored data. */
export function idOfStored(name: string): string {
  return name.endsWith(SYNTHETIC) ? name.slice(0, -SYNTHETIC.length) : name;
}

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
