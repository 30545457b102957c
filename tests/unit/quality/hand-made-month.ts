/** Builds a jc month without faults, in which tests break one place at a time. */
import type { ArchiveFacts, HourRow } from '../../../contracts/hours.ts';
import { FORMER_PLACE } from '../../../contracts/former-place.ts';
import type { QualityRules } from '../../../core/quality/rules.ts';
import type { CheckName } from '../../../core/quality/checks.ts';
import { measureMonth, type MonthMeasures } from '../../../core/quality/measures.ts';
import { buildMonthReport, type MonthQualityReport } from '../../../core/quality/month-report.ts';
import { readQualityRules } from '../../../activities/preprocess/quality-rules.ts';
import { JC } from '../../fixtures/shipped-systems.ts';

export const MONTH = '2024-04';
const HOURS = 30 * 24;

export const HEADER =
  'ride_id,rideable_type,started_at,ended_at,start_station_id,end_station_id,member_casual';

/** Returns 10 to 110 trips per hour, with different neighbours. */
export function goodHours(): HourRow[] {
  return Array.from({ length: HOURS }, (_, i) => {
    const trips = 10 + ((i * 37) % 101);
    const member = Math.floor(trips * (0.6 + 0.002 * (i % 50)));
    const electric = Math.floor(trips * (0.3 + 0.003 * (i % 40)));
    return {
      date: `${MONTH}-${String(Math.floor(i / 24) + 1).padStart(2, '0')}`,
      hour: i % 24,
      trips,
      holiday: 0,
      member,
      casual: trips - member,
      electric,
      classic: trips - electric,
      mean_minutes: 8 + (i % 7) / 10,
    };
  });
}

/** Returns 50,000 rows, of which 49,000 are kept: 2 % are rejected. */
export function goodFacts(): ArchiveFacts {
  return {
    rows: 50_000,
    kept: 49_000,
    rejected: { unparsable_start: 0, unparsable_end: 0, not_positive: 10, too_long: 990 },
    duplicates: 0,
    identicalLegacyRows: 0,
    missingStartStation: 3,
    missingEndStation: 100,
    memberTypes: { casual: 15_000, member: 35_000 },
    bikeTypes: { classic_bike: 30_000, electric_bike: 20_000 },
    schema: 'modern',
    csvs: [{ name: 'JC-202404-citibike-tripdata.csv', rows: 50_000, header: HEADER, quoted: true }],
    minutes: [0.1, 2, 4, 6, 10, 25, 59.9],
    firstStart: '2024-04-01 00:00:07',
    lastStart: '2024-04-30 23:59:58',
  };
}

/** Returns the hours of the good month as processed files have them: trips alone. */
export function processedHours(): HourRow[] {
  const unknown = { member: null, casual: null, electric: null, classic: null, mean_minutes: null };
  return goodHours().map((row) => ({ ...row, ...unknown }));
}

/** Holds the product's own rules. */
export const shippedRules: QualityRules = await readQualityRules();

export function reportOf(
  hours: readonly HourRow[],
  archives: readonly ArchiveFacts[],
  previous: MonthMeasures | null = null,
): MonthQualityReport {
  return buildMonthReport({
    facts: JC,
    rules: 'seed',
    synthetic: false,
    provisional: false,
    current: measureMonth(FORMER_PLACE, MONTH, hours, archives),
    previous,
    qualityRules: shippedRules,
  });
}

/** Returns the good month, as the month before. */
export function previousOf(change: Partial<ArchiveFacts> = {}): MonthMeasures {
  return {
    ...measureMonth(FORMER_PLACE, MONTH, goodHours(), [{ ...goodFacts(), ...change }]),
    month: '2024-03',
  };
}

export function checkOf(report: MonthQualityReport, name: CheckName) {
  const { state, value, detail } = report.checks.find(({ check }) => check === name)!;
  return { state, value, detail };
}
