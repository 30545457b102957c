import { describe, expect, test } from 'vitest';
import { CitibikeError } from '../../../contracts/errors.ts';
import { LifecycleInput, parseInput } from '../../../contracts/inputs.ts';

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
      rules: 'seed',
      allowMissing: false,
      featureSet: 'demand',
      seed: 42,
      promotionThreshold: 0.1,
      cache: true,
    });
  });

  test('the input given is not changed', () => {
    const input = structuredClone(VALID);
    parseInput('lifecycle', LifecycleInput, input);
    expect(input).toEqual(VALID);
  });

  test('a wrong month is named with its field, its value and the form expected', () => {
    expect(messageFor({ train: { from: '2024-13' } })).toContain(
      'train.from: got "2024-13", expected a month as YYYY-MM',
    );
  });

  test('everything that is missing is named too', () => {
    const message = messageFor({ train: { from: '2024-13' } });
    expect(message).toContain('train.to: got nothing');
    expect(message).toContain('test: got nothing');
  });

  test('an unknown field is refused, and the known ones are listed', () => {
    expect(messageFor({ ...VALID, sytem: 'nyc' })).toMatch(
      /sytem: .*no such field; known here: system, train/,
    );
  });

  test('a span that ends before it starts is refused', () => {
    expect(messageFor({ ...VALID, train: { from: '2024-12', to: '2024-01' } })).toContain(
      'train: got {"from":"2024-12","to":"2024-01"}, expected a span whose `to` is not before its `from`',
    );
  });

  test('training and test months that overlap are refused', () => {
    expect(messageFor({ ...VALID, test: { from: '2024-12', to: '2025-03' } })).toContain('test: ');
  });

  test('something that is no object is refused', () => {
    expect(messageFor('2024-01')).toContain('(the whole input): got "2024-01"');
  });
});
