/** Reports the quality of a month: its measures, the state of each check by its rule, and the overall result. */
import { CitibikeError } from '../../contracts/errors.ts';
import { CHECKS, CHECK_NAMES, type CheckName } from './checks.ts';
import type { MonthMeasures } from './measures.ts';
import { rulesFor, type Bounds, type QualityRules } from './rules.ts';
import type { SystemFacts, SystemId } from '../../contracts/systems.ts';
import type { StoredRuleSet } from '../../contracts/stored-names.ts';

export const QUALITY_SCHEMA_VERSION = 1;

export type QualityState = 'pass' | 'warn' | 'fail';

export interface CheckResult {
  readonly check: CheckName;
  /** `unknown`: the value could not be measured; `info`: it was measured, but has no rule. */
  readonly state: QualityState | 'info' | 'unknown';
  readonly value: number | null;
  readonly detail: string | null;
  readonly warn: Bounds | null;
  readonly fail: Bounds | null;
}

export interface MonthQualityReport {
  readonly schemaVersion: typeof QUALITY_SCHEMA_VERSION;
  readonly system: SystemId;
  readonly rules: StoredRuleSet;
  readonly month: string;
  readonly synthetic: boolean;
  /** True if the next month's file is missing and may contain rides of this month. */
  readonly provisional: boolean;
  readonly verdict: QualityState;
  readonly checks: readonly CheckResult[];
  readonly measures: MonthMeasures;
  /** The month before, if it was available for comparison. */
  readonly previousMonth: string | null;
}

export interface MonthReportInput {
  readonly facts: Pick<SystemFacts, 'id' | 'quality'>;
  readonly rules: StoredRuleSet;
  readonly synthetic: boolean;
  readonly provisional: boolean;
  readonly current: MonthMeasures;
  readonly previous: MonthMeasures | null;
  readonly qualityRules: QualityRules;
}

/** Returns the report of a month. The same input gives the same JSON, byte for byte. */
export function buildMonthReport(input: MonthReportInput): MonthQualityReport {
  const { facts, rules, synthetic, provisional, current, qualityRules } = input;
  const previous = input.previous && isWhole(input.previous) ? input.previous : null;
  const context = { current, previous, known: qualityRules.known };
  const bounds = rulesFor(qualityRules, facts, synthetic);
  const checks = CHECK_NAMES.map((name): CheckResult => {
    const measured = CHECKS[name].measure(context);
    const { warn, fail } = bounds[name] ?? {};
    const state = measured === undefined ? 'unknown' : judge(measured.value, warn, fail);
    return {
      check: name,
      state,
      value: measured?.value ?? null,
      detail: measured?.detail ?? null,
      warn: warn ?? null,
      fail: fail ?? null,
    };
  });
  return {
    schemaVersion: QUALITY_SCHEMA_VERSION,
    system: facts.id,
    rules,
    month: current.month,
    synthetic,
    provisional,
    verdict: worstOf(checks),
    checks,
    measures: current,
    previousMonth: previous?.month ?? null,
  };
}

/** Sets the minimum share of hours for a comparison. A month with fewer hours consists of a few strays. */
const WHOLE_FROM = 0.9;

function isWhole({ archives, hours }: MonthMeasures): boolean {
  return archives !== null || (hours !== null && hours.present >= WHOLE_FROM * hours.expected);
}

function judge(value: number, warn: Bounds | undefined, fail: Bounds | undefined): CheckResult['state'] {
  if (!warn && !fail) return 'info';
  if (fail && !isWithin(value, fail)) return 'fail';
  return warn && !isWithin(value, warn) ? 'warn' : 'pass';
}

function isWithin(value: number, { min = -Infinity, max = Infinity }: Bounds): boolean {
  return value >= min && value <= max;
}

export function worstOf(checks: readonly Pick<CheckResult, 'state'>[]): QualityState {
  if (checks.some(({ state }) => state === 'fail')) return 'fail';
  return checks.some(({ state }) => state === 'warn') ? 'warn' : 'pass';
}

/** Describes bounds, such as `at least 100`, `at most 0.2`, `from 1 to 5`. */
export function boundsText({ min, max }: Bounds): string {
  if (min !== undefined && max !== undefined) return `from ${min} to ${max}`;
  return min === undefined ? `at most ${max}` : `at least ${min}`;
}

/**
 * Rejects a month that fails.
 * @param where location of the report.
 * @throws CitibikeError QUALITY_GATE naming month, checks, values, bounds and the report.
 */
export function gateMonth(report: MonthQualityReport, where: string): void {
  const failed = report.checks.filter(({ state }) => state === 'fail');
  if (failed.length === 0) return;
  const { system, rules, month } = report;
  const told = failed.map(
    ({ check, value, fail, detail }) =>
      `${check} (${CHECKS[check].about}) is ${valueText(value)}, expected ${boundsText(fail!)}${detail ? ` [${detail}]` : ''}`,
  );
  throw new CitibikeError(
    'QUALITY_GATE',
    `${system} ${month} does not pass its quality gate, so the data set is unchanged: ${told.join('; ')}. Report: ${where}. ` +
      'Check the source. If its data are correct, set the bound under quality in the file of the system, or in inputs/quality.yaml.',
    {
      system,
      rules,
      month,
      report: where,
      checks: failed.map(({ check, value, fail }) => ({ check, value, bound: fail })),
    },
  );
}

/** Formats integers in full and other numbers with four significant digits. */
export function valueText(value: number | null): string {
  if (value === null) return 'unknown';
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
