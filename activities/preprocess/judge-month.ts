/** Checks the quality gate of a month, for `ingest` and `citibike preprocess`. */
import { addMonths } from '../../contracts/calendar.ts';
import type { ArchiveFacts, HourRow } from '../../contracts/hours.ts';
import type { Month } from '../../contracts/months.ts';
import { measureMonth, type MonthMeasures } from '../../core/quality/measures.ts';
import { buildMonthReport, gateMonth, type MonthQualityReport } from '../../core/quality/month-report.ts';
import type { QualityRules } from '../../core/quality/rules.ts';
import { readQualityRules } from './quality-rules.ts';
import type { Place, SystemFacts } from '../../contracts/systems.ts';
import type { StoredRuleSet } from '../../contracts/stored-names.ts';

/** Represents the data that a quality report measures. */
export interface MeasuredSources {
  /** Rows of the month's data set, sorted. */
  readonly hours: readonly HourRow[];
  /** Facts of the files named for the month. The list is empty for months from processed hours. */
  readonly archives: readonly ArchiveFacts[];
}

export interface JudgedMonth extends MeasuredSources {
  readonly facts: SystemFacts;
  readonly rules: StoredRuleSet;
  readonly month: Month;
  readonly synthetic: boolean;
  /** True if the next month's file, which was not read, may contain rides of this month. */
  readonly provisional?: boolean;
  /** Default: inputs/quality.yaml. */
  readonly qualityRules?: QualityRules;
}

/** Represents a kept report and the address of its page. */
export interface KeptReport<Kept> {
  readonly kept: Kept;
  readonly page: string;
}

/**
 * Measures a month, keeps its report and checks the gate. Returns the result of `keep`.
 * @throws CitibikeError QUALITY_GATE that names month, check, value, bound and the page of the report.
 */
export async function judgeMonth<Kept>(
  input: JudgedMonth,
  previous: MonthMeasures | null,
  keep: (report: MonthQualityReport) => Promise<KeptReport<Kept>>,
): Promise<Kept> {
  const { facts, rules, month, synthetic, provisional = false } = input;
  const report = buildMonthReport({
    facts,
    rules,
    synthetic,
    provisional,
    current: measureMonth(facts, month, input.hours, input.archives),
    previous,
    qualityRules: input.qualityRules ?? (await readQualityRules()),
  });
  const { kept, page } = await keep(report);
  gateMonth(report, page);
  return kept;
}

/** Returns the measures of the month before, or null without any data of it. */
export function measuresBefore(
  place: Place,
  month: Month,
  { hours = [], archives = [] }: Partial<MeasuredSources>,
): MonthMeasures | null {
  return hours.length + archives.length > 0
    ? measureMonth(place, addMonths(month, -1), hours, archives)
    : null;
}
