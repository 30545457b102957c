import { expect, it } from 'vitest';
import type { Queryable } from '../../../adapters/postgres/database.ts';
import { driftedColumns } from '../../../adapters/postgres/drifted-columns.ts';

it('names month, hour and weekday, and counts a week of sine and cosine once', async () => {
  const rows = [
    { column: 'mnth_cos', week: '2025-W01' },
    { column: 'mnth_sin', week: '2025-W01' },
    { column: 'mnth_cos', week: '2025-W02' },
    { column: 'TMAX', week: '2025-W02' },
    { column: 'hr_sin', week: '2025-W03' },
  ];
  const db = { query: async () => rows } as unknown as Queryable;
  expect(await driftedColumns(db, 's3://report.json')).toEqual([
    { column: 'month', weeks: 2 },
    { column: 'hour', weeks: 1 },
    { column: 'TMAX', weeks: 1 },
  ]);
});
