import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import {
  searchMetrics,
  trialEffectKey,
  trialMetrics,
  trialRecords,
} from '../../../activities/register/trial-records.ts';
import type { ArtifactRef } from '../../../contracts/artifact.ts';
import { bestTrialOf } from '../../../contracts/search-outcome.ts';
import { HyperParameters } from '../../../contracts/hyper-parameters.ts';
import type { SearchPlan, SearchState, TrialScore } from '../../../contracts/activities/search.ts';

const ref: ArtifactRef = { uri: 's3://bucket/plan.json', sha256: 'a'.repeat(64), bytes: 1, schemaVersion: 1 };
const defaults = Value.Parse(HyperParameters, Value.Default(HyperParameters, {}));
const plan: SearchPlan = {
  schemaVersion: 1,
  frame: ref,
  config: {
    system: 'nyc',
    featureSet: 'demand',
    seed: 42,
    span: { from: '2024-01', to: '2024-12' },
    synthetic: false,
  },
  folds: 3,
  rungs: 2,
  reduction: 2,
  trials: [25, 15, 20, 30].map((epochs) => ({ ...defaults, epochs })),
  backend: 'wasm',
  stageVersion: 1,
  apart: null,
};
const score = (trial: number, rmse: number | null): TrialScore => ({ trial, rmse, seconds: 2 });
const failed: TrialScore = { ...score(3, null), reason: 'the loss became NaN' };
const rung1 = { ranking: [score(2, 7), score(1, 8), score(0, 9), failed], kept: [2, 0] };
const rung2 = { ranking: [score(2, 6), score(0, 6.5)], kept: [] };
const stateOf = (...closed: SearchState['closed']): SearchState => ({
  schemaVersion: 1,
  plan: ref,
  closed,
  chunks: [],
});
const statesOf = (state: SearchState, outcome: Parameters<typeof trialRecords>[2]) =>
  Object.fromEntries(trialRecords(plan, state, outcome).map((record) => [record.trial, record.state]));

describe('the record of trials', () => {
  test('has only finished ones while the search runs', () => {
    expect(statesOf(stateOf(rung1), 'running')).toEqual({ 1: 'pruned at rung 1', 3: 'failed at rung 1' });
  });

  test('has all of them after the last rung', () => {
    expect(statesOf(stateOf(rung1, rung2), 'completed')).toEqual({
      0: 'completed',
      1: 'pruned at rung 1',
      2: 'completed',
      3: 'failed at rung 1',
    });
  });

  test('marks continuing ones of a cancelled search as stopped', () => {
    expect(statesOf(stateOf(rung1), 'cancelled')).toMatchObject({
      0: 'stopped at rung 1',
      2: 'stopped at rung 1',
    });
    expect(statesOf(stateOf(), 'cancelled')).toEqual({});
  });

  test('has one score per rung, and none for a failed one', () => {
    const [first, , , last] = trialRecords(plan, stateOf(rung1, rung2), 'completed');
    expect(trialMetrics(first!, 1000).filter(({ key }) => key === 'rmse')).toEqual([
      { key: 'rmse', value: 9, timestamp: 1013, step: 13 },
      { key: 'rmse', value: 6.5, timestamp: 1025, step: 25 },
    ]);
    expect(trialMetrics(last!, 1000).map(({ key }) => key)).toEqual(['trainer_seconds']);
  });
});

test('shows the best one and the defaults, rung by rung', () => {
  const values = searchMetrics(plan, stateOf(rung1, rung2), 0).map(
    ({ key, value, step }) => `${key}@${step}=${value}`,
  );
  expect(values).toEqual([
    'best_rmse@1=7',
    'default_rmse@1=9',
    'trials@1=4',
    'trials_completed@1=0',
    'trials_pruned@1=1',
    'trials_failed@1=1',
    'best_rmse@2=6',
    'default_rmse@2=6.5',
    'trials@2=2',
    'trials_completed@2=2',
    'trials_pruned@2=1',
    'trials_failed@2=1',
  ]);
});

test('names a best one only after the last rung', () => {
  expect(bestTrialOf(plan, stateOf(rung1))).toBeUndefined();
  expect(bestTrialOf(plan, stateOf(rung1, rung2))).toMatchObject({ trial: 2, rmse: 6 });
});

test('is another run for another plan', () => {
  const keys = [
    trialEffectKey(ref, 1),
    trialEffectKey(ref, 2),
    trialEffectKey({ ...ref, sha256: 'b'.repeat(64) }, 1),
  ];
  expect(new Set(keys).size).toBe(3);
});
