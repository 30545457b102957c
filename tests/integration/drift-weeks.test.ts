/** Tests on the real Postgres which earlier weeks a check continues from, regardless of the order of checks. */
import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { Database } from '../../adapters/postgres/database.ts';
import {
  upsertDriftRows,
  WEEK_METRICS,
  type DriftWeekRow,
  type WeekMetrics,
} from '../../adapters/postgres/drift-metrics.ts';
import { earlierWeeks, newestWeekErrors } from '../../adapters/postgres/drift-weeks.ts';
import { loadSettings } from '../../settings.ts';
import { queryAsOwner } from '../fixtures/query-as-owner.ts';

const database = new Database(loadSettings().databaseUrl);
const model = `drift-weeks-test-${randomBytes(4).toString('hex')}`;
const version = { system: 'nyc', model, modelVersion: '1' };
const NO_METRICS = {
  ...Object.fromEntries(WEEK_METRICS.map((name) => [name, null])),
  ...{ num_drifted_columns: 0, share_missing_values: 0 },
} as WeekMetrics;

type Week = Partial<DriftWeekRow> & Pick<DriftWeekRow, 'week' | 'first_date' | 'last_date'>;

/** Records weeks as one check does, by default against a reference of its own. */
async function record(reference: string, weeks: readonly Week[], withTrips = true): Promise<void> {
  const key = { system: 'nyc', model, model_version: '1', reference_sha256: reference };
  await upsertDriftRows(database, {
    weeks: weeks.map((week) => ({
      ...NO_METRICS,
      ...key,
      ...{ hours: 168, with_trips: withTrips, level: 0.02, level_z: 1, level_threshold: 0.1, alarm: false },
      report_uri: 's3://b/report.json',
      ...week,
    })),
    columns: [],
    decision: {
      ...key,
      ...{ current_sha256: `${reference}-${weeks[0]!.week}`, reference_from: '2024-01-01' },
      ...{ reference_to: '2024-01-31', current_from: weeks[0]!.first_date },
      ...{ current_to: weeks.at(-1)!.last_date, weeks: weeks.length, drifted_weeks: 0 },
      ...{ with_trips: withTrips, decision: 'keep', reasons: [] },
      ...{ report_uri: 's3://b/report.json', html_uri: 's3://b/report.html' },
    },
  });
}

const W05 = { week: '2025-W05', first_date: '2025-01-27', last_date: '2025-02-02' };
const W06 = { week: '2025-W06', first_date: '2025-02-03', last_date: '2025-02-09' };
const W10 = { week: '2025-W10', first_date: '2025-03-03', last_date: '2025-03-09' };

afterAll(async () => {
  for (const table of ['drift_weeks', 'drift_decisions']) {
    await queryAsOwner(`DELETE FROM ${table} WHERE model LIKE $1 || '%'`, [model]);
  }
  await database.close();
});

describe('weeks before a check', () => {
  it('end before its first day and ascend, also when later ones were checked first', async () => {
    await record('march', [{ ...W10, level_z: 3 }]);
    await record('february', [{ ...W06, level_z: 2 }]);
    await record('january', [W05]);
    const found = await earlierWeeks(database, version, '2025-03-03');
    expect(found).toEqual([
      { week: '2025-W05', level: 0.02, z: 1 },
      { week: '2025-W06', level: 0.02, z: 2 },
    ]);
    // A repeated check does not see its own rows.
    await record('february', [{ ...W06, level_z: 2 }]);
    expect(await earlierWeeks(database, version, '2025-02-03')).toEqual([found[0]]);
    expect(await earlierWeeks(database, version, '2025-03-03')).toEqual(found);
  });

  it('leave out unjudged weeks, weeks without trips, other versions and weeks over a year old', async () => {
    const own = { ...version, modelVersion: '2' };
    expect(await earlierWeeks(database, own, '2025-03-03')).toEqual([]);
    await record('unjudged', [{ ...W06, week: '2025-W07', level: null, level_z: null }]);
    await record('open', [{ ...W06, week: '2025-W08' }], false);
    await record('old', [{ week: '2024-W08', first_date: '2024-02-19', last_date: '2024-02-25' }]);
    const weeks = (await earlierWeeks(database, version, '2025-03-03')).map(({ week }) => week);
    expect(weeks).toEqual(['2025-W05', '2025-W06']);
  });

  it('include the longer part of a week that two checks split', async () => {
    await record('first part', [{ ...W05, last_date: '2025-01-31', hours: 120, level_z: -1 }]);
    await record('second part', [{ ...W05, first_date: '2025-02-01', hours: 48, level_z: -2 }]);
    const newest = async (firstDay: string) => (await earlierWeeks(database, version, firstDay)).at(-1);
    expect(await newest('2025-02-03')).toMatchObject({ week: '2025-W05', z: 1 });
    expect(await newest('2025-02-01')).toMatchObject({ week: '2025-W05', z: -1 });
  });
});

describe('the errors of the newest week', () => {
  it('are those of a week with most of its hours, if there is one', async () => {
    const other = { system: 'nyc', model: `${model}-errors`, model_version: '1' };
    const weeks = [
      { ...W05, hours: 168, rmse_score_current: 10 },
      { ...W06, hours: 167, rmse_score_current: 20 },
      { ...W10, hours: 24, rmse_score_current: 90 },
    ];
    const newest = async () => (await newestWeekErrors(database, other.model, '1'))?.rmse;
    await record(
      'errors',
      weeks.slice(2).map((week) => ({ ...week, ...other })),
    );
    expect(await newest()).toBe(90);
    await record(
      'errors',
      weeks.map((week) => ({ ...week, ...other })),
    );
    expect(await newest()).toBe(20);
  });
});
