import { expect, test } from 'vitest';
import { featuresKey } from '../../../activities/train/features-key.ts';
import { digestOf } from '../../../adapters/s3/artifact-store.ts';
import { BASIC_FEATURES } from '../../../core/features/basic-features.ts';

const key = (features: readonly string[]) =>
  digestOf({ frame: 'a', version: 4, ...featuresKey({ name: 'seed', features }) });

test('keys from before they had features stay valid', () => {
  expect(key(BASIC_FEATURES)).toBe(digestOf({ frame: 'a', version: 4 }));
});

test('an added, a removed, a renamed and a moved feature each give another key', () => {
  const [first, ...others] = BASIC_FEATURES;
  const sets = [
    BASIC_FEATURES,
    [...BASIC_FEATURES, 'heat_wave'],
    others,
    ['day_off', ...others],
    [...others, first!],
  ];
  expect(new Set(sets.map(key)).size).toBe(sets.length);
});
