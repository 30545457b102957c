import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRides } from '../../../adapters/rides/read-rides.ts';
import type { HourRow } from '../../../contracts/hours.ts';
import { addMonths, monthsOf } from '../../../contracts/calendar.ts';
import { hoursOfMonth } from '../../../core/ingest/gate-hours.ts';
import { measureMonth, type MonthMeasures } from '../../../core/quality/measures.ts';
import { buildMonthReport } from '../../../core/quality/month-report.ts';
import { DURATION_RULES } from '../../../core/ingest/ride-rules.ts';
import { tripFileNames } from '../../../core/ingest/source-names.ts';
import { NO_REAL_DATA, realDataDir } from '../../real-data.ts';
import { shippedRules } from './hand-made-month.ts';
import { readExploreHours } from '../../../client/explore-hours.ts';
import type { SystemFacts } from '../../../contracts/systems.ts';
import { FORMER_PLACE } from '../../../contracts/former-place.ts';
import { JC, NYC } from '../../fixtures/shipped-systems.ts';
import { orSkip } from '../../or-skip.ts';

const data = realDataDir();

function flaggedOf(facts: SystemFacts, months: ReadonlyMap<string, MonthMeasures>): Record<string, string[]> {
  const flagged: Record<string, string[]> = {};
  for (const [month, current] of months) {
    const previous = months.get(addMonths(month, -1)) ?? null;
    const report = buildMonthReport({
      facts,
      rules: 'seed',
      synthetic: false,
      provisional: false,
      current,
      previous,
      qualityRules: shippedRules,
    });
    const found = report.checks.filter(({ state }) => state === 'warn' || state === 'fail');
    if (found.length > 0) flagged[month] = found.map(({ check, state }) => `${check}: ${state}`);
  }
  return flagged;
}

/** Adds nights without a ride as rows, as in the data sets. */
function completed(month: string, rows: readonly HourRow[]): HourRow[] {
  const known = new Map(rows.map((row) => [`${row.date} ${row.hour}`, row]));
  const empty = {
    trips: 0,
    holiday: 0,
    member: 0,
    casual: 0,
    electric: null,
    classic: null,
    mean_minutes: null,
  };
  return hoursOfMonth(month, FORMER_PLACE).map(
    (hour) => known.get(`${hour.date} ${hour.hour}`) ?? { ...empty, ...hour },
  );
}

describe.skipIf(!data)(orSkip('real months under the shipped rules', !data && NO_REAL_DATA), () => {
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'citibike-quality-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it('pass for every jc archive except the first month of the system, and warn of a snow storm', async () => {
    const folder = path.join(data!, 'tripdata');
    const months = new Map<string, MonthMeasures>();
    for (const name of (await readdir(folder)).sort()) {
      const month = tripFileNames(JC)(name)?.months[0];
      if (!month) continue;
      const out = path.join(dir, month);
      const parts = await readRides({
        name,
        file: path.join(folder, name),
        month,
        rule: DURATION_RULES.seed,
        dir: out,
      });
      const rows = await readExploreHours(
        [{ file: parts.hours.file, months: [month] }],
        { from: month, to: month },
        FORMER_PLACE,
      );
      months.set(month, measureMonth(FORMER_PLACE, month, completed(month, rows), [parts.facts]));
    }
    expect(months.size).toBeGreaterThan(0);
    const flagged = (level: string) =>
      ['zero_hours_share', 'longest_zero_run', 'most_common_trips_share'].map(
        (check) => `${check}: ${level}`,
      );
    const unusual = { '2015-09': flagged('fail'), '2021-02': flagged('warn') };
    expect(flaggedOf(JC, months)).toEqual(
      Object.fromEntries(Object.entries(unusual).filter(([month]) => months.has(month))),
    );
  });

  it('pass for every nyc month of processed hours', async () => {
    const span = { from: '2024-01', to: '2025-03' };
    const files = ['citibike-hourly-2024.parquet', 'citibike-hourly-2025-q1.parquet'];
    const rows = await readExploreHours(
      files.map((file) => ({ file: path.join(data!, 'hourly', file), months: monthsOf(span) })),
      span,
      FORMER_PLACE,
    );
    const months = new Map(
      monthsOf(span).map((month) => [
        month,
        measureMonth(
          FORMER_PLACE,
          month,
          rows.filter(({ date }) => date.startsWith(month)),
          [],
        ),
      ]),
    );
    expect(flaggedOf(NYC, months)).toEqual({});
  });
});
