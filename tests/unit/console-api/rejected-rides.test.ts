import { expect, it } from 'vitest';
import { RejectedRides } from '../../../console/api/rejected-rides.ts';

const REJECTED = { unparsable_start: 1, unparsable_end: 0, not_positive: 2, too_long: 7 };

function counting(reports: Readonly<Record<string, unknown>>, months: readonly unknown[]) {
  const read: string[] = [];
  const json = async (uri: string): Promise<unknown> => {
    read.push(uri);
    return uri === 's3://a/dataset.json' ? { months } : reports[uri];
  };
  const rides = new RejectedRides({ json });
  return { read, count: () => rides.of('s3://a/dataset.json') };
}

it('sums the archives of all months, and reads them once', async () => {
  const report = { measures: { archives: { rows: 1_000, rejected: REJECTED } } };
  const { read, count } = counting({ 's3://a/1.json': report, 's3://a/2.json': report }, [
    { quality: { uri: 's3://a/1.json' } },
    { quality: { uri: 's3://a/2.json' } },
  ]);
  expect(await count()).toEqual({ rows: 2_000, rejected: 20 });
  await count();
  expect(read).toHaveLength(3);
});

it('is unknown for months without a report or without an archive', async () => {
  expect(await counting({}, [{ quality: null }]).count()).toBeNull();
  const processed = { 's3://a/1.json': { measures: { archives: null } } };
  expect(await counting(processed, [{ quality: { uri: 's3://a/1.json' } }]).count()).toBeNull();
});
