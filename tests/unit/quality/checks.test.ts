import { describe, expect, it } from 'vitest';
import type { ArchiveFacts, HourRow } from '../../../contracts/hours.ts';
import { FORMER_PLACE } from '../../../contracts/former-place.ts';
import { gateMonth } from '../../../core/quality/month-report.ts';
import { measureMonth } from '../../../core/quality/measures.ts';
import {
  MONTH,
  HEADER,
  checkOf,
  goodFacts,
  goodHours,
  previousOf,
  processedHours,
  reportOf,
} from './hand-made-month.ts';

const withFacts = (change: Partial<ArchiveFacts>) =>
  reportOf(goodHours(), [{ ...goodFacts(), ...change }], previousOf());
const withHours = (change: (row: HourRow, i: number) => HourRow) =>
  reportOf(goodHours().map(change), [goodFacts()], previousOf());

describe('a month with nothing wrong', () => {
  it('passes every check, and every check has a value', () => {
    const { verdict, checks } = reportOf(goodHours(), [goodFacts()], previousOf());
    expect(checks.filter(({ state }) => state !== 'pass' && state !== 'info')).toEqual([]);
    expect(verdict).toBe('pass');
  });

  it('passes the gate', () => {
    expect(() => gateMonth(reportOf(goodHours(), [goodFacts()]), 's3://there')).not.toThrow();
  });
});

describe('faults of the hours', () => {
  it('fails if three days are missing', () => {
    const report = reportOf(goodHours().slice(0, -72), [goodFacts()]);
    expect(checkOf(report, 'missing_hours')).toMatchObject({ state: 'fail', value: 72 });
    expect(checkOf(report, 'missing_hours').detail).toMatch(/^2024-04-28T00, 2024-04-28T01/);
  });

  it('warns if one hour is missing', () => {
    const report = reportOf(goodHours().slice(1), [goodFacts()]);
    expect(checkOf(report, 'missing_hours')).toEqual({ state: 'warn', value: 1, detail: '2024-04-01T00' });
    expect(report.verdict).toBe('warn');
  });

  it('fails if an hour occurs twice', () => {
    const hours = goodHours();
    const report = reportOf([...hours, hours[5]!], [goodFacts()]);
    expect(checkOf(report, 'repeated_hours')).toMatchObject({ state: 'fail', value: 1 });
  });

  it('fails if hours are outside the month', () => {
    const report = reportOf([...goodHours(), { ...goodHours()[0]!, date: '2024-05-01' }], [goodFacts()]);
    expect(checkOf(report, 'impossible_hours')).toMatchObject({ state: 'fail', value: 1 });
  });

  it('fails a constant number of trips', () => {
    const report = withHours((row) => ({ ...row, trips: 200 }));
    expect(checkOf(report, 'most_common_trips_share')).toMatchObject({ state: 'fail', value: 1 });
    expect(checkOf(report, 'constant_columns')).toEqual({ state: 'pass', value: 1, detail: 'trips' });
  });

  it('warns of two constant columns by name', () => {
    const report = withHours((row) => ({ ...row, casual: 0, electric: 5 }));
    expect(checkOf(report, 'constant_columns')).toEqual({
      state: 'warn',
      value: 2,
      detail: 'casual, electric',
    });
  });

  it('fails if all hours are empty', () => {
    const report = withHours((row) => ({
      ...row,
      trips: 0,
      member: 0,
      casual: 0,
      electric: 0,
      classic: 0,
      mean_minutes: null,
    }));
    expect(checkOf(report, 'zero_hours_share')).toMatchObject({ state: 'fail', value: 1 });
    expect(checkOf(report, 'longest_zero_run')).toMatchObject({ state: 'fail', value: 720 });
    expect(checkOf(report, 'trips')).toMatchObject({ state: 'fail', value: 0 });
  });

  it('warns of two days in a row without a trip', () => {
    const report = withHours((row, i) => (i < 48 ? { ...row, trips: 0, member: 0, casual: 0 } : row));
    expect(checkOf(report, 'longest_zero_run')).toMatchObject({ state: 'warn', value: 48 });
  });

  it('fails if members and casual riders exceed all riders', () => {
    const report = withHours((row, i) => (i === 3 ? { ...row, member: row.trips + 1 } : row));
    expect(checkOf(report, 'parts_above_total')).toMatchObject({ state: 'fail', value: 1 });
  });

  it('warns of a cell without a value, but not of the mean duration of an hour without a trip', () => {
    expect(
      checkOf(
        withHours((row, i) => (i === 3 ? { ...row, member: null } : row)),
        'missing_cells',
      ),
    ).toEqual({
      state: 'warn',
      value: 1,
      detail: null,
    });
    const night = withHours((row, i) =>
      i === 3 ? { ...row, trips: 0, member: 0, casual: 0, electric: 0, classic: 0, mean_minutes: null } : row,
    );
    expect(checkOf(night, 'missing_cells')).toMatchObject({ state: 'pass', value: 0 });
  });

  it('accepts a month without the hour that the spring change skips', () => {
    const hours = Array.from({ length: 31 * 24 }, (_, i) => ({
      ...goodHours()[i % 720]!,
      date: `2024-03-${String(Math.floor(i / 24) + 1).padStart(2, '0')}`,
      hour: i % 24,
    }));
    const measures = measureMonth(FORMER_PLACE, '2024-03', hours, []);
    expect(measures.hours).toMatchObject({ expected: 743, missing: 0, impossible: 1 });
  });
});

describe('faults of the archives', () => {
  it('fails if half of the rows are rejected', () => {
    const report = withFacts({
      kept: 25_000,
      rejected: { ...goodFacts().rejected, not_positive: 0, too_long: 25_000 },
    });
    expect(checkOf(report, 'rejected_share')).toEqual({
      state: 'fail',
      value: 0.5,
      detail: '25000 of 50000 rows',
    });
    expect(checkOf(report, 'too_long_share').state).toBe('fail');
    // The value is 0.5 minus the 0.02 of the month before.
    expect(checkOf(report, 'rejected_share_change').value).toBeCloseTo(0.48, 12);
  });

  it('fails if rows are not accounted for', () => {
    expect(checkOf(withFacts({ rows: 50_001 }), 'unaccounted_rows')).toMatchObject({
      state: 'fail',
      value: 1,
    });
  });

  it('fails a file read twice', () => {
    const report = withFacts({
      rows: 100_000,
      duplicates: 49_000,
      rejected: { unparsable_start: 0, unparsable_end: 0, not_positive: 20, too_long: 1980 },
    });
    expect(checkOf(report, 'duplicate_share')).toMatchObject({ state: 'fail', value: 0.49 });
  });

  it('warns of a few duplicates', () => {
    const report = withFacts({ kept: 48_900, duplicates: 100 });
    expect(checkOf(report, 'duplicate_share')).toMatchObject({ state: 'warn', value: 0.002 });
  });

  it('warns of a new member type, and fails if more than a few rows have it', () => {
    const few = withFacts({ memberTypes: { casual: 15_000, member: 34_999, robot: 1 } });
    expect(checkOf(few, 'new_categories')).toEqual({ state: 'warn', value: 1, detail: 'robot' });
    expect(checkOf(few, 'unknown_member_share')).toMatchObject({ state: 'warn', detail: '1 × robot' });
    const many = withFacts({ memberTypes: { member: 25_000, robot: 25_000 } });
    expect(checkOf(many, 'unknown_member_share')).toMatchObject({ state: 'fail', value: 0.5 });
  });

  it('warns of a bike type that disappeared', () => {
    expect(checkOf(withFacts({ bikeTypes: { electric_bike: 50_000 } }), 'vanished_categories')).toEqual({
      state: 'warn',
      value: 1,
      detail: 'classic_bike',
    });
  });

  it('treats the legacy names of riders as the modern ones', () => {
    const report = withFacts({ memberTypes: { Customer: 14_000, Subscriber: 35_000, '': 1000 } });
    expect(checkOf(report, 'new_categories').value).toBe(0);
    expect(checkOf(report, 'unknown_member_share').value).toBe(0);
  });

  it('warns of a changed header and names the changes', () => {
    const csvs = [{ ...goodFacts().csvs[0]!, header: HEADER.replace('started_at', 'start_time') }];
    expect(checkOf(withFacts({ csvs }), 'schema_changes')).toEqual({
      state: 'warn',
      value: 1,
      detail: 'new: start_time; gone: started_at',
    });
  });

  it('ignores quotes and order in a header', () => {
    const header = HEADER.split(',')
      .reverse()
      .map((name) => `"${name}"`)
      .join(',');
    const csvs = [{ ...goodFacts().csvs[0]!, header }];
    expect(checkOf(withFacts({ csvs }), 'schema_changes')).toMatchObject({ state: 'pass', value: 0 });
  });

  it('fails times that are years off', () => {
    // There are 7 × 365 + 1 (2028) days from 2024-04-30 to 2031-04-30.
    expect(checkOf(withFacts({ lastStart: '2031-04-30 10:00:00' }), 'days_outside_month')).toMatchObject({
      state: 'fail',
      value: 2556,
    });
  });
});

describe('the comparison with the month before', () => {
  it('fails if nine of ten rides are missing', () => {
    const report = reportOf(goodHours(), [{ ...goodFacts(), kept: 4900 }], previousOf());
    expect(checkOf(report, 'trips_change')).toMatchObject({ state: 'fail', detail: '4900 after 49000' });
    expect(checkOf(report, 'trips_change').value).toBeCloseTo(-0.9, 12);
  });

  it('warns if rides more than double', () => {
    const report = reportOf(goodHours(), [goodFacts()], previousOf({ kept: 20_000 }));
    expect(checkOf(report, 'trips_change')).toMatchObject({ state: 'warn' });
    expect(checkOf(report, 'trips_change').value).toBeCloseTo(1.45, 12);
  });

  it('warns if rides last twice as long', () => {
    const report = withFacts({ minutes: [0.1, 4, 8, 12, 20, 50, 59.9] });
    expect(checkOf(report, 'median_minutes_change')).toMatchObject({
      state: 'warn',
      value: 1,
      detail: '12 after 6',
    });
  });

  it('is unknown without a month before', () => {
    const report = reportOf(goodHours(), [goodFacts()]);
    expect(checkOf(report, 'trips_change')).toEqual({ state: 'unknown', value: null, detail: null });
    expect(report).toMatchObject({ verdict: 'pass', previousMonth: null });
  });

  it('ignores a month before that has only a few strays', () => {
    const strays = measureMonth(
      FORMER_PLACE,
      '2024-03',
      [{ ...goodHours()[0]!, date: '2024-03-31', hour: 23 }],
      [],
    );
    const report = reportOf(goodHours(), [], strays);
    expect(checkOf(report, 'trips_change').state).toBe('unknown');
    expect(report.previousMonth).toBeNull();
  });
});

describe('a month made from processed hours', () => {
  const hours = processedHours();

  it('passes the checks with known values, and leaves the rest unknown', () => {
    const report = reportOf(hours, []);
    expect(report.verdict).toBe('pass');
    for (const name of ['rejected_share', 'empty_columns', 'mean_minutes', 'schema_changes'] as const)
      expect(checkOf(report, name).state).toBe('unknown');
    expect(checkOf(report, 'trips')).toMatchObject({ state: 'pass' });
  });
});

describe('the gate', () => {
  it('names month, check, value, bound and address of the report', () => {
    const report = withFacts({ rows: 50_001 });
    expect(() => gateMonth(report, 's3://zenml-artifacts/quality/report.html')).toThrowError(
      expect.objectContaining({
        code: 'QUALITY_GATE',
        message: expect.stringMatching(
          /^jc 2024-04 .*unaccounted_rows .* is 1, expected at most 0.*Report: s3:\/\/zenml-artifacts\/quality\/report\.html/,
        ) as string,
        details: expect.objectContaining({
          month: MONTH,
          checks: [{ check: 'unaccounted_rows', value: 1, bound: { max: 0 } }],
        }) as object,
      }),
    );
  });
});
