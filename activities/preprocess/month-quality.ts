/** The quality report of a month, written before its data set replaces the one that is there. */
import { canonicalJson } from '../../adapters/s3/artifact-store.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import type { MonthDataset } from '../../contracts/frame.ts';
import type { ArchiveFacts, HourRow } from '../../contracts/hours.ts';
import type { RuleSet, System } from '../../contracts/inputs.ts';
import { addMonths } from '../../contracts/months.ts';
import { measureMonth, type MonthMeasures } from '../../core/quality/report/measures.ts';
import {
  buildMonthReport,
  gateMonth,
  QUALITY_SCHEMA_VERSION,
  type MonthQualityReport,
} from '../../core/quality/report/month-report.ts';
import { monthReportPage } from '../../core/quality/report/report-html.ts';
import type { QualityRules } from '../../core/quality/report/rules.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { readPointer } from '../common/pointer.ts';
import { monthPointer } from './layout.ts';
import { pageOf, qualityFolder, reportUri } from './quality-layout.ts';
import { readQualityRules } from './quality-rules.ts';

export interface MonthQualityInput {
  readonly system: System;
  readonly rules: RuleSet;
  readonly month: string;
  readonly synthetic: boolean;
  /** Rows of the month's data set, sorted. */
  readonly hours: readonly HourRow[];
  /** What was read of the files named for the month; empty for months made from processed hours. */
  readonly archives: readonly ArchiveFacts[];
  /**
   * The month before, as far as the caller has it: what its archives (the neighbours') or its processed hours hold. The report then
   * depends on the inputs alone, however many months are made at once. Left out: the newest data set of that month, where there is one.
   */
  readonly previous?: { readonly hours?: readonly HourRow[]; readonly archives?: readonly ArchiveFacts[] };
  /** Rides may still come with the next month's file. */
  readonly provisional?: boolean;
  /** What the data set was made of, for the report's lineage. */
  readonly inputs?: readonly ArtifactRef[];
  /** Left out: inputs/quality.yaml. */
  readonly qualityRules?: QualityRules;
}

/**
 * Writes report and page to `{artifacts bucket}/quality/{system}/{rules}/{month}/{digest}/report.json` and `.html`, then judges.
 * @returns the JSON's reference.
 * @throws CitibikeError QUALITY_GATE naming month, check, value, bound and the report, which is kept.
 */
export async function writeMonthQuality(
  deps: Pick<ActivityDependencies, 'artifacts' | 'codeVersion'>,
  input: MonthQualityInput,
): Promise<ArtifactRef> {
  const { system, rules, month, synthetic, provisional = false, inputs = [] } = input;
  const report = buildMonthReport({
    system,
    rules,
    synthetic,
    provisional,
    current: measureMonth(month, input.hours, input.archives),
    previous: await previousMeasures(deps, input),
    qualityRules: input.qualityRules ?? (await readQualityRules()),
  });
  const { artifacts } = deps;
  const producer = producerOf('quality', deps.codeVersion);
  const folder = `${qualityFolder(artifacts.objects.buckets.artifacts, input)}/${month}`;
  const common = {
    schemaVersion: QUALITY_SCHEMA_VERSION,
    inputs,
    parameters: { system, rules, month },
    facts: { verdict: report.verdict, previousMonth: report.previousMonth },
    synthetic,
  };
  const json = await artifacts.write(producer, {
    ...common,
    name: 'report.json',
    content: Buffer.from(canonicalJson(report)),
    contentType: 'application/json',
    uri: (sha256) => reportUri(folder, sha256),
  });
  const page = await artifacts.write(producer, {
    ...common,
    name: 'report.html',
    content: Buffer.from(monthReportPage(report)),
    contentType: 'text/html; charset=utf-8',
    uri: () => pageOf(json.uri),
  });
  gateMonth(report, page.uri);
  return json;
}

async function previousMeasures(
  { artifacts }: Pick<ActivityDependencies, 'artifacts'>,
  { system, rules, month, synthetic, previous }: MonthQualityInput,
): Promise<MonthMeasures | null> {
  const before = addMonths(month, -1);
  if (previous) {
    const { hours = [], archives = [] } = previous;
    return hours.length + archives.length > 0 ? measureMonth(before, hours, archives) : null;
  }
  const { objects } = artifacts;
  const key = { system, rules, month: before, synthetic };
  const dataset = await readPointer<MonthDataset>(objects, monthPointer(objects.buckets.data, key));
  if (!dataset?.quality) return null;
  return (await artifacts.readJson<MonthQualityReport>(dataset.quality)).measures;
}
