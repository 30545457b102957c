import { describe, expect, it } from 'vitest';
import { mixtureCdf, mixtureMean, mixtureQuantile } from '../../../core/forecast/mixture.ts';
import { seededRandom } from '../../../core/random.ts';

const ONE = [{ middle: 1000, below: 300, above: 500 }];
const PARTS = [
  { middle: 1000, below: 300, above: 500 },
  { middle: 2500, below: 100, above: 50 },
  { middle: 400, below: 390, above: 700 },
];

describe('a mixture of scenarios', () => {
  it('of one scenario keeps its median and its bounds', () => {
    expect(mixtureQuantile(ONE, 0.05)).toBeCloseTo(700, 0);
    expect(mixtureQuantile(ONE, 0.5)).toBeCloseTo(1000, 0);
    expect(mixtureQuantile(ONE, 0.95)).toBeCloseTo(1500, 0);
    expect(mixtureMean(ONE)).toBe(1000);
  });

  it('has the quantiles of a sample', () => {
    const random = seededRandom(7);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    // Student's t with 5 degrees of freedom is a normal number by the root of a fifth of five squared ones.
    const student = () =>
      normal() / Math.sqrt(Array.from({ length: 5 }, () => normal() ** 2).reduce((a, b) => a + b) / 5);
    const sample = Array.from({ length: 150_000 }, (_, i) => {
      const { middle, below, above } = PARTS[i % PARTS.length]!;
      const t = student() / 2.015048;
      return middle + t * (t < 0 ? below : above);
    }).sort((a, b) => a - b);
    for (const probability of [0.1, 0.25, 0.5, 0.75, 0.9, 0.95]) {
      const quantile = mixtureQuantile(PARTS, probability);
      expect(mixtureCdf(PARTS, quantile)).toBeCloseTo(probability, 4);
      const rank = sample.findIndex((trips) => trips > quantile) / sample.length;
      expect(rank).toBeCloseTo(probability, 2);
    }
  });

  it('is never negative, and a scenario without an interval is a point', () => {
    expect(mixtureQuantile([{ middle: -50, below: 10, above: 10 }], 0.05)).toBe(0);
    expect(mixtureMean([{ middle: -50, below: 10, above: 10 }])).toBe(0);
    const points = [100, 200, 300].map((middle) => ({ middle, below: 0, above: 0 }));
    expect(mixtureCdf(points, 250)).toBeCloseTo(2 / 3, 9);
    expect(mixtureQuantile(points, 0.5)).toBeCloseTo(200, 3);
  });
});
