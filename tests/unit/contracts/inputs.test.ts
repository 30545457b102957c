import { describe, expect, test } from 'vitest';
import { CitibikeError } from '../../../contracts/errors.ts';
import { LifecycleInput } from '../../../contracts/workflows/lifecycle.ts';
import { MonitoringInput } from '../../../contracts/workflows/monitoring.ts';
import { TrainingInput } from '../../../contracts/workflows/training.ts';
import { parseInput } from '../../../contracts/parse-input.ts';

const DEFAULTS = {
  hidden: 64,
  networks: 5,
  epochs: 25,
  batch: 64,
  learningRate: 1e-3,
  weightDecay: 0.5,
  loss: 'quantile',
  growth: true,
  calibration: true,
};
const VALID = { train: { from: '2024-01', to: '2024-12' }, test: { from: '2025-01', to: '2025-03' } };

function messageFor(input: unknown): string {
  try {
    parseInput('lifecycle', LifecycleInput, input);
  } catch (error) {
    expect(error).toBeInstanceOf(CitibikeError);
    expect((error as CitibikeError).retryable).toBe(false);
    return (error as CitibikeError).message;
  }
  throw new Error('the input was accepted');
}

describe('workflow inputs', () => {
  test('defaults are filled in', () => {
    expect(parseInput('lifecycle', LifecycleInput, VALID)).toEqual({
      ...VALID,
      system: 'nyc',
      rules: 'standard',
      allowMissing: false,
      featureSet: 'demand',
      hyperParameters: DEFAULTS,
      seed: 42,
      promotionThreshold: 0.1,
      approval: { required: false, timeoutHours: 72, onTimeout: 'reject' },
      traffic: {
        mode: 'at-once',
        percent: 10,
        minutes: 10,
        minRequests: 100,
        maxErrorRate: 0.01,
        maxLatencyRatio: 2,
        maxDisagreement: 0.5,
      },
      cache: true,
    });
  });

  test('omitted hyper-parameters get their defaults, and a wrong one is named', () => {
    const input = { ...VALID, hyperParameters: { epochs: 3, growth: false } };
    expect(parseInput('lifecycle', LifecycleInput, input).hyperParameters).toEqual({
      ...DEFAULTS,
      epochs: 3,
      growth: false,
    });
    expect(messageFor({ ...VALID, hyperParameters: { epochs: 0 } })).toContain(
      'hyperParameters.epochs: got 0, expected an integer from 1 to 500',
    );
    expect(messageFor({ ...VALID, hyperParameters: { epoch: 1 } })).toContain('hyperParameters.epoch: ');
    expect(messageFor({ ...VALID, hyperParameters: { loss: 'mse' } })).toContain(
      `hyperParameters.loss: got "mse", expected 'quantile'`,
    );
  });

  test('the basic features model growth only if requested, at the top and in a retraining', () => {
    const growthOf = (input: object) =>
      parseInput('training', TrainingInput, { ...VALID, ...input }).hyperParameters.growth;
    expect(growthOf({ featureSet: 'basic' })).toBe(false);
    expect(growthOf({ featureSet: 'basic', hyperParameters: { epochs: 3 } })).toBe(false);
    expect(growthOf({ featureSet: 'basic', hyperParameters: { growth: true } })).toBe(true);
    expect(growthOf({ featureSet: 'demand' })).toBe(true);
    const { retraining } = parseInput('monitoring', MonitoringInput, { retraining: { featureSet: 'basic' } });
    expect(retraining.hyperParameters.growth).toBe(false);
    expect(parseInput('monitoring', MonitoringInput, {}).retraining.hyperParameters.growth).toBe(true);
    // Filled-in values stay the same when a child fills in again.
    const filled = parseInput('training', TrainingInput, { ...VALID, featureSet: 'basic' });
    expect(parseInput('training', TrainingInput, filled)).toEqual(filled);
  });

  test('hyper-parameters that are not an object are rejected by name, for the basic features too', () => {
    expect(messageFor({ ...VALID, featureSet: 'basic', hyperParameters: 3 })).toContain(
      'hyperParameters: got 3',
    );
  });

  test('a wrong limit of a trial, and one that does not exist, are named', () => {
    const message = messageFor({ ...VALID, traffic: { mode: 'canary', percent: 100, patience: 3 } });
    expect(message).toContain('traffic.percent: got 100, expected a whole number from 1 to 99');
    expect(message).toContain('traffic.patience: got 3, expected no such field');
  });

  test('a refit must name the version that it repeats', () => {
    const input = { ...VALID, promotionRule: 'refit' };
    expect(() => parseInput('training', TrainingInput, input)).toThrow(
      'refitOf: got nothing, expected the promoted version that this training repeats',
    );
  });

  test('the given input is not changed', () => {
    const input = structuredClone(VALID);
    parseInput('lifecycle', LifecycleInput, input);
    expect(input).toEqual(VALID);
  });

  test('a wrong month is named with its field, its value and the expected form', () => {
    expect(messageFor({ train: { from: '2024-13' } })).toContain(
      'train.from: got "2024-13", expected a month as YYYY-MM',
    );
  });

  test('every missing field is named too', () => {
    const message = messageFor({ train: { from: '2024-13' } });
    expect(message).toContain('train.to: got nothing');
    expect(message).toContain('test: got nothing');
  });

  test('an unknown field is rejected, and the known ones are listed', () => {
    expect(messageFor({ ...VALID, sytem: 'nyc' })).toMatch(
      /sytem: .*no such field; known here: system, train/,
    );
  });

  test('a span that ends before it starts is rejected', () => {
    expect(messageFor({ ...VALID, train: { from: '2024-12', to: '2024-01' } })).toContain(
      'train: got {"from":"2024-12","to":"2024-01"}, expected a span whose `to` is not before its `from`',
    );
  });

  test('only a refit is trained without test months', () => {
    const train = { from: '2024-01', to: '2024-12' };
    expect(() => parseInput('training', TrainingInput, { train })).toThrow(/test: got nothing/);
    const refit = { train, promotionRule: 'refit', refitOf: '2' };
    expect(parseInput('training', TrainingInput, refit).test).toBeUndefined();
    expect(() => parseInput('training', TrainingInput, { train, promotionRule: 'refit' })).toThrow(
      /refitOf: got nothing/,
    );
  });

  test('overlapping training and test months are rejected', () => {
    expect(messageFor({ ...VALID, test: { from: '2024-12', to: '2025-03' } })).toContain('test: ');
  });

  test('a value that is not an object is rejected', () => {
    expect(messageFor('2024-01')).toContain('(the whole input): got "2024-01"');
  });
});
