import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { HyperParameters } from '../../../contracts/hyper-parameters.ts';
import { SEARCH_SPACE, recurrenceSteps, sampleTrials } from '../../../core/training/search-space.ts';

const defaults = Value.Parse(HyperParameters, Value.Default(HyperParameters, {}));

describe('the sampled trials', () => {
  test('start with the given hyper-parameters', () => {
    expect(sampleTrials(defaults, 3, 42)[0]).toEqual(defaults);
  });

  test('are the same for one seed, and different for another seed', () => {
    expect(sampleTrials(defaults, 20, 7)).toEqual(sampleTrials(defaults, 20, 7));
    expect(sampleTrials(defaults, 20, 8)[1]).not.toEqual(sampleTrials(defaults, 20, 7)[1]);
  });

  test('of a short search are the first of a long one', () => {
    expect(sampleTrials(defaults, 200, 42).slice(0, 50)).toEqual(sampleTrials(defaults, 50, 42));
  });

  test('are all different, and valid hyper-parameters', () => {
    const trials = sampleTrials(defaults, 1000, 42);
    expect(new Set(trials.map((trial) => JSON.stringify(trial))).size).toBe(1000);
    expect(trials.filter((trial) => !Value.Check(HyperParameters, trial))).toEqual([]);
  });

  test('keep parameters that are not searched', () => {
    const base = { ...defaults, loss: 'huber' as const, growth: false, networks: 2 };
    for (const trial of sampleTrials(base, 20, 42))
      expect(trial).toMatchObject({ loss: 'huber', growth: false, networks: 2 });
  });

  test('distribute the learning rate evenly on a logarithmic scale', () => {
    const { from, to } = SEARCH_SPACE.learningRate;
    const rates = sampleTrials(defaults, 301, 42)
      .slice(1)
      .map(({ learningRate }) => learningRate);
    // Each third of the logarithm has a third of the 300 trials, within the tolerance of an even sequence.
    const thirds = [0, 1, 2].map(
      (third) =>
        rates.filter((rate) => Math.floor((3 * Math.log(rate / from)) / Math.log(to / from)) === third)
          .length,
    );
    for (const count of thirds) expect(Math.abs(count - 100)).toBeLessThanOrEqual(3);
  });
});

test('the steps of the recurrence are the powers of the generalised golden ratio', () => {
  // Roberts 2018 gives the golden ratio in one dimension, and the plastic number in two.
  expect(recurrenceSteps(1)[0]).toBeCloseTo(0.6180339887498949, 14);
  expect(recurrenceSteps(2)).toEqual([
    expect.closeTo(0.7548776662466927, 14),
    expect.closeTo(0.5698402909980532, 14),
  ]);
});
