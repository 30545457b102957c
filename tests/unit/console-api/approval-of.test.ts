import { expect, it } from 'vitest';
import { approvalOf } from '../../../console/api/run-detail.ts';

it('names the version that waits, and keeps another text as it is', () => {
  const what = 'version 12 of citibike-trips waits for approval: its RMSE is 12 % lower';
  const since = '2026-11-30T06:08:23.000Z';
  expect(approvalOf(what, Date.parse(since))).toEqual({
    what,
    version: '12',
    model: 'citibike-trips',
    since,
  });
  expect(approvalOf('waits')).toEqual({ what: 'waits', version: null, model: null, since: null });
});
