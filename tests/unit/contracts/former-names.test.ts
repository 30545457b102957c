import { expect, test } from 'vitest';
import { parseNewInput } from '../../../contracts/new-input.ts';
import { parseInput } from '../../../contracts/parse-input.ts';
import {
  featureSetNameOf,
  ruleSetOf,
  storedFeatureSet,
  storedRuleSet,
} from '../../../contracts/stored-names.ts';
import { PromotionInput } from '../../../contracts/workflows/promotion.ts';

const SPANS = { train: { from: '2024-01', to: '2024-12' }, test: { from: '2025-01', to: '2025-03' } };

test.each([
  ['lifecycle', SPANS, { rules: 'seed', featureSet: 'seed' }, { rules: 'standard', featureSet: 'basic' }],
  ['ingest', SPANS.train, { rules: 'seed' }, { rules: 'standard' }],
  ['search', { train: SPANS.train }, { featureSet: 'seed' }, { featureSet: 'basic' }],
  ['backtest', SPANS.test, { featureSet: 'seed' }, { featureSet: 'basic' }],
  ['monitoring', {}, { retraining: { featureSet: 'seed' } }, { retraining: { featureSet: 'basic' } }],
  [
    'training',
    { train: SPANS.train },
    { promotionRule: 'heir', heirOf: '2' },
    { promotionRule: 'refit', refitOf: '2' },
  ],
])('%s accepts former names', (type, shared, former, current) => {
  expect(parseNewInput(type, { ...shared, ...former })).toEqual(
    parseNewInput(type, { ...shared, ...current }),
  );
});

test('a promotion accepts the former name of the rule', () => {
  expect(parseInput('promotion', PromotionInput, { model: 'm', version: '2', rule: 'heir' }).rule).toBe(
    'refit',
  );
});

test('an input with both names of a field is rejected', () => {
  const input = { ...SPANS, heirOf: '2', refitOf: '3' };
  expect(() => parseNewInput('training', input)).toThrow(/heirOf: .*no such field/);
});

test('stored names stay as they were written and map back', () => {
  expect(['standard', 'all'].map((rules) => storedRuleSet(rules as 'all'))).toEqual(['seed', 'all']);
  expect(['basic', 'demand'].map((name) => storedFeatureSet(name as 'demand'))).toEqual(['seed', 'demand']);
  for (const rules of ['standard', 'all'] as const) expect(ruleSetOf(storedRuleSet(rules))).toBe(rules);
  for (const name of ['basic', 'demand'] as const)
    expect(featureSetNameOf(storedFeatureSet(name))).toBe(name);
});
