import { describe, expect, it } from 'vitest';
import { compareVersions, reproductionInput, type TrainedVersion } from '../../../client/reproduction.ts';
import { parseNewInput } from '../../../contracts/new-input.ts';
import type { TrainingInput } from '../../../contracts/workflows/training.ts';

const fileOf = (digit: string) => ({
  ...{ uri: `s3://a/${digit}`, sha256: digit.repeat(64), bytes: 1, schemaVersion: 1 },
});
const HYPER_PARAMETERS = {
  ...{ hidden: 8, networks: 1, epochs: 3, batch: 64, learningRate: 0.001, weightDecay: 0.5 },
  ...({ loss: 'quantile', growth: true, calibration: true } as const),
};
const VERSION: TrainedVersion = {
  ...{ model: 'citibike-trips', version: '3', codeVersion: '0.2.0+abc' },
  files: { 'weights.bin': fileOf('a') },
  report: {
    backend: 'wasm',
    frame: { sha256: 'f'.repeat(64), rows: 10 },
    hyperParameters: HYPER_PARAMETERS,
    seed: 7,
  },
};
const RECORDED = parseNewInput('training', {
  ...{ system: 'nyc', train: { from: '2024-01', to: '2024-12' }, test: { from: '2025-01', to: '2025-03' } },
  ...{ dataset: fileOf('d'), search: { trials: 5 }, seed: 7, approval: { required: true } },
}) as TrainingInput;

describe('a reproduction', () => {
  it('trains the recorded data, seed and the hyper-parameters that were chosen, without cache, search and approval', () => {
    const input = reproductionInput(RECORDED, VERSION);
    expect(input).toMatchObject({
      model: 'citibike-trips-reproduction',
      dataset: fileOf('d'),
      ...{
        train: RECORDED.train,
        test: RECORDED.test,
        hyperParameters: HYPER_PARAMETERS,
        seed: 7,
        cache: false,
      },
    });
    const parsed = parseNewInput('training', input) as TrainingInput;
    expect(parsed.search).toBeUndefined();
    expect(parsed.approval.required).toBe(false);
  });

  it('of a refit, which has no test months, asks for one and is not a refit', () => {
    const { test: _, ...refit } = { ...RECORDED, promotionRule: 'refit', refitOf: '2' } as TrainingInput;
    expect(() => reproductionInput(refit, VERSION)).toThrow('outside of 2024-01 to 2024-12: --test YYYY-MM');
    const input = reproductionInput(refit, VERSION, '2025-01');
    expect(input.test).toEqual({ from: '2025-01', to: '2025-01' });
    expect(input).not.toHaveProperty('dataset');
    expect(input).not.toHaveProperty('refitOf');
    expect(() => parseNewInput('training', input)).not.toThrow();
  });

  it('is identical if the weights are, whatever else differs', () => {
    const repeated = { ...VERSION, model: 'citibike-trips-reproduction', version: '1', codeVersion: '0.3.0' };
    const { isIdentical, rows } = compareVersions(VERSION, repeated);
    expect(isIdentical).toBe(true);
    expect(rows).toContainEqual(['code', 'different: 0.2.0+abc, now 0.3.0']);
    expect(rows).toContainEqual(['weights', 'identical: aaaaaaaaaaaa']);
  });

  it('names what differs', () => {
    const report = { ...VERSION.report, backend: 'native' };
    const other = { ...VERSION, report, files: { 'weights.bin': fileOf('b') } };
    const { isIdentical, rows } = compareVersions(VERSION, other);
    expect(isIdentical).toBe(false);
    expect(rows).toContainEqual(['backend', 'different: wasm, now native']);
    expect(() => compareVersions(VERSION, { ...VERSION, files: {} })).toThrow('lists no weights.bin');
  });
});
