import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { effectKeyOf, findOrCreate } from '../../../activities/register/effect-key.ts';
import type { ArtifactRef } from '../../../contracts/artifact.ts';
import { HyperParameters } from '../../../contracts/hyper-parameters.ts';
import type { TrainingConfig } from '../../../contracts/activities/train.ts';

const ref = (digit: string): ArtifactRef => ({
  uri: `s3://b/${digit}`,
  sha256: digit.repeat(64),
  bytes: 1,
  schemaVersion: 1,
});
const config: TrainingConfig = {
  system: 'nyc',
  featureSet: 'demand',
  hyperParameters: Value.Create(HyperParameters),
  seed: 42,
  span: { from: '2024-01', to: '2024-12' },
  synthetic: false,
};
const base = { model: 'm', folder: ref('a'), report: ref('b'), config };

describe('the effect key of a registration', () => {
  it('depends on the content of the files, not on their paths', () => {
    const moved = { ...base, folder: { ...ref('a'), uri: 's3://elsewhere/a' } };
    expect(effectKeyOf(moved)).toBe(effectKeyOf(base));
  });

  it.each([
    ['model name', { model: 'n' }],
    ['model folder', { folder: ref('c') }],
    ['evaluation report', { report: ref('c') }],
    ['seed', { config: { ...config, seed: 43 } }],
  ])('changes with the %s', (_, change) => {
    expect(effectKeyOf({ ...base, ...change })).not.toBe(effectKeyOf(base));
  });
});

describe('find or create', () => {
  it('creates nothing when it finds something', async () => {
    let created = 0;
    const found = await findOrCreate(
      async () => ['old', 'new'],
      async () => `${++created}`,
    );
    expect([found, created]).toEqual(['old', 0]);
  });

  it('yields to an older one that appeared in the meantime', async () => {
    const there: string[] = [];
    const made = await findOrCreate(
      async () => there,
      async () => {
        there.push('theirs', 'ours');
        return 'ours';
      },
    );
    expect(made).toBe('theirs');
  });
});
