import { describe, expect, it } from 'vitest';
import { readDriftRules } from '../../../activities/drift/drift-rules-file.ts';
import { parseDriftRules } from '../../../core/drift/decision/drift-rules.ts';
import { FIXED_RULES } from './fixed-rules.ts';

describe('the drift rules', () => {
  it('of inputs/drift.yaml are valid', async () => {
    await expect(readDriftRules()).resolves.toBeDefined();
  });

  it('name every field that is wrong', () => {
    const { bias: _, ...without } = { ...FIXED_RULES, fewestHours: 0 };
    expect(() => parseDriftRules('a.yaml', without)).toThrow(/a\.yaml are not valid: .*bias.*/);
    expect(() => parseDriftRules('a.yaml', without)).toThrow(/fewestHours.*from 1/);
  });

  it('reject an unknown field', () => {
    expect(() => parseDriftRules('a.yaml', { ...FIXED_RULES, biass: 1 })).toThrow(/biass/);
  });

  it('reject a limit of retraining below that of watching', () => {
    expect(() => parseDriftRules('a.yaml', { ...FIXED_RULES, bias: { watch: 0.2, retrain: 0.1 } })).toThrow(
      'bias: watch, retrain: got 0.2, 0.1, expected values in ascending order',
    );
  });
});
