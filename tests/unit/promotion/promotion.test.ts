import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { HyperParameters } from '../../../contracts/hyper-parameters.ts';
import {
  decideRefit,
  decidePromotion,
  type Contender,
  type PromotionCase,
  type TrainingFacts,
} from '../../../core/promotion/decide-promotion.ts';

const contender = (version: string, rmse: number | null, more: Partial<Contender> = {}): Contender => ({
  version,
  system: 'nyc',
  synthetic: false,
  rmse,
  ...more,
});

const decide = (more: Partial<PromotionCase>) =>
  decidePromotion({
    model: 'm',
    champion: contender('1', 1000),
    candidate: contender('2', 900),
    hours: 2159,
    threshold: 0.1,
    ...more,
  });

describe('promotion', () => {
  it('promotes the first version', () => {
    expect(decide({ champion: null })).toEqual({
      promote: true,
      reason: 'first version of m: RMSE 900.0 trips per hour over 2159 hours that it was not trained on',
    });
  });

  it('promotes at exactly the threshold', () => {
    expect(decide({}).promote).toBe(true);
    // In doubles, (0.7 − 0.63) / 0.7 is 0.0999999999999999.
    expect(decide({ champion: contender('1', 0.7), candidate: contender('2', 0.63) }).promote).toBe(true);
  });

  it('does not promote just below the threshold, and names both errors', () => {
    const { promote, reason } = decide({ candidate: contender('2', 901) });
    expect(promote).toBe(false);
    expect(reason).toBe(
      "RMSE 901.0 against the champion's 1000.0 trips per hour over the same 2159 hours: 9.9 % better, required: 10.0 % better",
    );
  });

  it('does not promote a worse candidate', () => {
    const { promote, reason } = decide({ candidate: contender('2', 1100) });
    expect(promote).toBe(false);
    expect(reason).toContain('10.0 % worse');
  });

  it('with threshold 0 promotes an equal candidate', () => {
    expect(decide({ candidate: contender('2', 1000), threshold: 0 }).promote).toBe(true);
  });

  it('keeps the champion if it is compared with itself', () => {
    const own = contender('1', 1000);
    expect(decide({ candidate: own, hours: 0 })).toEqual({
      promote: true,
      reason: 'version 1 is already the champion of m',
    });
  });

  it('fails if both models leave no unseen hour', () => {
    const decision = decide({
      champion: contender('1', null),
      candidate: contender('2', null),
      hours: 0,
    });
    expect(decision.promote).toBe(false);
    expect(decision.reason).toMatch(
      /^the champion or the candidate was trained on every hour of the test span/,
    );
  });

  it('rejects a first version that was fitted on the whole test span', () => {
    expect(decide({ champion: null, candidate: contender('1', null), hours: 0 }).promote).toBe(false);
  });

  it('never replaces a champion of real data by a candidate of synthetic data, however good it is', () => {
    const candidate = contender('2', 1, { synthetic: true });
    const { promote, reason } = decide({ candidate });
    expect(promote).toBe(false);
    expect(reason).toContain('synthetic');
  });

  it('replaces a champion of synthetic data by a candidate of real data, however bad it is', () => {
    const champion = contender('1', 10, { synthetic: true });
    expect(decide({ champion, candidate: contender('2', 5000) }).promote).toBe(true);
  });

  it('compares two models of synthetic data by their errors', () => {
    const champion = contender('1', 1000, { synthetic: true });
    expect(decide({ champion, candidate: contender('2', 990, { synthetic: true }) }).promote).toBe(false);
    expect(decide({ champion, candidate: contender('2', 800, { synthetic: true }) }).promote).toBe(true);
  });

  it('does not compare models of different systems', () => {
    const candidate = contender('2', 1, { system: 'jc' });
    const { promote, reason } = decide({ candidate });
    expect(promote).toBe(false);
    expect(reason).toContain('train it under another model name');
  });

  it('does not divide by a champion without error', () => {
    expect(decide({ champion: contender('1', 0), candidate: contender('2', 0) }).promote).toBe(false);
  });
});

describe('non-inferiority', () => {
  const judged = (upperBound: number, more: object = {}) =>
    decide({ nonInferiority: { excess: 0, upperBound, margin: 0.05, days: 31, resamples: 2000, ...more } });

  it('promotes up to the margin, regardless of the threshold', () => {
    expect(judged(0.05).promote).toBe(true);
    expect(judged(0.051).promote).toBe(false);
  });

  it('names the upper bound of the loss, or the lower bound of the gain', () => {
    expect(judged(0.02).reason).toContain(
      'with 95 % confidence at most 2.0 % worse (paired bootstrap over 31 days',
    );
    expect(judged(-0.02).reason).toContain('with 95 % confidence at least 2.0 % better');
  });

  it('does not decide on fewer than ten days', () => {
    expect(judged(-1, { days: 9 })).toMatchObject({
      promote: false,
      reason: expect.stringContaining(
        'on 9 days: the test for non-inferiority needs at least 10 days',
      ) as string,
    });
  });
});

describe('a refit', () => {
  const facts = (version: string, more: Partial<TrainingFacts> = {}): TrainingFacts => ({
    version,
    system: 'nyc',
    featureSet: 'demand',
    seeds: [1, 2, 3],
    synthetic: false,
    hyperParameters: Value.Create(HyperParameters),
    trainedTo: '2025-01-31',
    ...more,
  });
  const current = facts('4');
  const otherHyperParameters = { ...Value.Create(HyperParameters), epochs: 3 };
  const newer = { trainedTo: '2025-02-28' };

  it('of the champion is promoted', () => {
    expect(decideRefit(facts('5', newer), '4', current)).toEqual({
      promote: true,
      reason:
        'version 5 repeats the training of the promoted version 4 on data to 2025-02-28 instead of 2025-01-31',
    });
  });

  it.each([
    ['not tagged as the refit of a version', undefined, current, newer],
    ['of a version that is not the champion', '3', current, newer],
    ['while there is no champion', '4', null, newer],
    ['of other features', '4', current, { ...newer, featureSet: 'seed' }],
    ['of another system', '4', current, { ...newer, system: 'jc' as const }],
    ['of synthetic data', '4', current, { ...newer, synthetic: true }],
    ['of other seeds', '4', current, { ...newer, seeds: [1, 2] }],
    ['of other hyper-parameters', '4', current, { ...newer, hyperParameters: otherHyperParameters }],
    ['with no training report', '4', current, { ...newer, hyperParameters: null }],
    ['with no newer data', '4', current, {}],
  ])('%s is not promoted', (_, refitOf, champion, more) => {
    expect(decideRefit(facts('5', more), refitOf, champion).promote).toBe(false);
  });
});
