import { describe, expect, test } from 'vitest';
import { adamStep, cosineDecay, newAdamState } from '../../../core/training/adam.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../core/training/checkpoint.ts';
import { seededRandom, shuffledIndices } from '../../../core/random.ts';

describe('adamStep', () => {
  test('the first step is the learning rate against the sign of the gradient', () => {
    const parameters = [Float32Array.of(1, 1, 1)];
    adamStep(parameters, [Float32Array.of(5, -0.01, 0)], newAdamState(parameters), 0.1, [0]);
    expect(parameters[0]![0]).toBeCloseTo(0.9, 5);
    expect(parameters[0]![1]).toBeCloseTo(1.1, 4);
    expect(parameters[0]![2]).toBe(1);
  });

  test('the second step equals a computation by hand from the paper', () => {
    const parameters = [Float32Array.of(0)];
    const state = newAdamState(parameters);
    adamStep(parameters, [Float32Array.of(1)], state, 0.1, [0]);
    adamStep(parameters, [Float32Array.of(-1)], state, 0.1, [0]);
    // m = 0.9 · 0.1 − 0.1 = −0.01, m̂ = −0.01 / 0.19 and v̂ = 1, so the step is +0.1 · 0.0526 after −0.1.
    expect(parameters[0]![0]).toBeCloseTo(-0.1 + 0.1 * (0.01 / 0.19), 6);
  });

  test('weight decay reduces a kernel by its share of the learning rate, and does not change a bias', () => {
    const parameters = [Float32Array.of(2), Float32Array.of(2)];
    const gradients = [Float32Array.of(0), Float32Array.of(0)];
    adamStep(parameters, gradients, newAdamState(parameters), 0.1, [0.5, 0]);
    expect(parameters[0]![0]).toBeCloseTo(2 * (1 - 0.1 * 0.5), 6);
    expect(parameters[1]![0]).toBe(2);
  });
});

test('the learning rate falls from its peak to nothing along half a cosine', () => {
  expect([0, 50, 100].map((step) => cosineDecay(2, step, 100))).toEqual([2, expect.closeTo(1, 12), 0]);
});

describe('checkpoint', () => {
  const parameters = [Float32Array.of(1, 2), Float32Array.of(3)];
  const adam = { ...newAdamState(parameters), step: 17 };
  const history = [
    { at: 1_700_000_000_123, loss: 0.5, learningRate: 1e-3, heldOut: [0.6, Number.NaN] },
    { at: 1_700_000_001_456, loss: 0.25, learningRate: 5e-4, heldOut: [0.3, 0.4] },
  ];
  const state = { epoch: 2, loss: 0.25, history, parameters, adam };
  const bytes = encodeCheckpoint(state);

  test('is read back unchanged, also from a Buffer', () => {
    expect(decodeCheckpoint(bytes, [2, 1])).toEqual(state);
    expect(decodeCheckpoint(Buffer.concat([Buffer.of(0), bytes]).subarray(1), [2, 1])).toEqual(state);
  });

  test('of an earlier version is read without the times of its epochs', () => {
    // It has the same bytes, except for its mark and the times.
    const numbers = new Uint8Array(bytes.slice(24, 24 + 2 * 5 * 8));
    const records = [1, 2, 3, 4, 6, 7, 8, 9].map((i) => numbers.subarray(i * 8, (i + 1) * 8));
    const old = Buffer.concat([
      Buffer.from('CBK2'),
      bytes.slice(4, 24),
      ...records,
      bytes.slice(24 + 2 * 5 * 8),
    ]);
    const withoutTimes = history.map((record) => ({ ...record, at: Number.NaN }));
    expect(decodeCheckpoint(old, [2, 1])).toEqual({ ...state, history: withoutTimes });
  });

  test('of another network, truncated, or with other bytes is rejected', () => {
    // The header has 24 bytes, followed by 2 epochs of 5 numbers of 8 bytes, and 9 numbers of 4.
    expect(() => decodeCheckpoint(bytes, [2, 2])).toThrow(
      /checkpoint of 140 bytes with 9 numbers: expected 152/,
    );
    expect(() => decodeCheckpoint(bytes.subarray(0, 50), [2, 1])).toThrow(/expected 140/);
    expect(() => decodeCheckpoint(new Uint8Array(60), [2, 1])).toThrow(/first bytes to be CBK3/);
    expect(() => decodeCheckpoint(new Uint8Array(3), [2, 1])).toThrow(/first bytes to be CBK3/);
  });
});

describe('random numbers', () => {
  test('are the same for the same seeds and others for others', () => {
    const first = (...seeds: number[]) => seededRandom(...seeds)();
    expect(first(42, 1)).toBe(first(42, 1));
    expect(new Set([first(42, 1), first(42, 2), first(43, 1), first(1, 42)]).size).toBe(4);
  });

  test('shuffle every index once', () => {
    const shuffled = shuffledIndices(100, seededRandom(3));
    expect([...shuffled].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect([...shuffled]).not.toEqual([...shuffled].sort((a, b) => a - b));
  });

  test('are distributed evenly', () => {
    const random = seededRandom(1);
    const mean = Array.from({ length: 10_000 }, random).reduce((sum, value) => sum + value, 0) / 10_000;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01); // three standard errors
  });
});
