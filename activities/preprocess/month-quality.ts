/** Writes the quality report of a month, before its data set replaces the earlier one. */
import type { ArtifactRef } from '../../contracts/artifact.ts';
import type { MonthDataset } from '../../contracts/frame.ts';
import { addMonths } from '../../contracts/calendar.ts';
import type { MonthMeasures } from '../../core/quality/measures.ts';
import type { MonthQualityReport } from '../../core/quality/month-report.ts';
import { monthReportPage } from '../../core/quality/month-report-page.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { readPointer } from '../common/pointer.ts';
import {
  judgeMonth,
  measuresBefore,
  type JudgedMonth,
  type KeptReport,
  type MeasuredSources,
} from './judge-month.ts';
import { monthPointer } from './month-folders.ts';
import { qualityFolder } from './quality-folders.ts';
import { writeQualityReport } from './write-quality-report.ts';

export interface MonthQualityInput extends JudgedMonth {
  /**
   * Data of the month before, from neighbouring archives or processed hours. The report then depends only on the inputs, however many
   * months run at once. The default is the newest data set of that month, if any.
   */
  readonly previous?: Partial<MeasuredSources>;
  /** Inputs of the data set, for the lineage of the report. */
  readonly inputs?: readonly ArtifactRef[];
}

/**
 * Writes report and page to `{artifacts bucket}/quality/{system}/{rules}/{month}/{digest}/report.json` and `.html`, then checks
 * the gate. Returns the reference of the JSON.
 * @throws CitibikeError QUALITY_GATE that names month, check, value, bound and the kept report.
 */
export async function writeMonthQuality(
  deps: Pick<ActivityDependencies, 'artifacts' | 'codeVersion'>,
  input: MonthQualityInput,
): Promise<ArtifactRef> {
  return judgeMonth(input, await previousMeasures(deps, input), (report) => writeReport(deps, input, report));
}

async function writeReport(
  deps: Pick<ActivityDependencies, 'artifacts' | 'codeVersion'>,
  input: MonthQualityInput,
  report: MonthQualityReport,
): Promise<KeptReport<ArtifactRef>> {
  const { facts, rules, month, synthetic, inputs = [] } = input;
  const system = facts.id;
  const folder = `${qualityFolder(deps.artifacts.objects.buckets.artifacts, { system, rules, synthetic })}/${month}`;
  const { json, page } = await writeQualityReport(deps, folder, {
    report,
    html: monthReportPage(report),
    inputs,
    parameters: { system, rules, month },
    facts: { verdict: report.verdict, previousMonth: report.previousMonth },
    synthetic,
  });
  return { kept: json, page: page.uri };
}

async function previousMeasures(
  { artifacts }: Pick<ActivityDependencies, 'artifacts'>,
  { facts, rules, month, synthetic, previous }: MonthQualityInput,
): Promise<MonthMeasures | null> {
  if (previous) return measuresBefore(facts, month, previous);
  const { objects } = artifacts;
  const key = { system: facts.id, rules, month: addMonths(month, -1), synthetic };
  const dataset = await readPointer<MonthDataset>(objects, monthPointer(objects.buckets.data, key));
  if (!dataset?.quality || !(await artifacts.has(dataset.quality.uri))) return null;
  return (await artifacts.readJson<MonthQualityReport>(dataset.quality)).measures;
}
