import { expect, it } from 'vitest';
import { whyUnknown } from '../../../console/web/src/pages/month/why-unknown.ts';

it('says why a check has no value', () => {
  expect(whyUnknown('trips_change', { previousMonth: null })).toMatch(/^No whole month before/);
  expect(whyUnknown('new_categories', { previousMonth: '2024-02' })).toContain('2024-02');
  expect(whyUnknown('rejected_share', { measures: { archives: null } })).toMatch(/no archive of rides/);
  expect(whyUnknown('median_minutes', { measures: { archives: { minutes: null } } })).toMatch(
    /several archives/,
  );
  expect(whyUnknown('empty_columns', { measures: { hours: null } })).toMatch(/^No hour/);
});
