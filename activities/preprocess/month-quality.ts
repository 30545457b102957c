/** The quality report of a month, written before its data set replaces the one that is there. */
import type { ArtifactRef } from '../../contracts/artifact.ts';
import type { MonthDataset } from '../../contracts/frame.ts';
import { addMonths } from '../../contracts/calendar.ts';
import type { MonthMeasures } from '../../core/quality/measures.ts';
import { QUALITY_SCHEMA_VERSION, type MonthQualityReport } from '../../core/quality/month-report.ts';
import { monthReportPage } from '../../core/quality/report-html.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { readPointer } from '../common/pointer.ts';
import {
  judgeMonth,
  measuresBefore,
  type JudgedMonth,
  type KeptReport,
  type MeasuredSources,
} from './judge-month.ts';
import { monthPointer } from './month-folders.ts';
import { pageOf, qualityFolder, reportUri } from './quality-folders.ts';

export interface MonthQualityInput extends JudgedMonth {
  /**
   * The month before, as far as the caller has it: what its archives (the neighbours') or its processed hours hold. The report then
   * depends on the inputs alone, however many months are made at once. Left out: the newest data set of that month, where there is one.
   */
  readonly previous?: Partial<MeasuredSources>;
  /** What the data set was made of, for the report's lineage. */
  readonly inputs?: readonly ArtifactRef[];
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
  return judgeMonth(input, await previousMeasures(deps, input), (report) => writeReport(deps, input, report));
}

async function writeReport(
  deps: Pick<ActivityDependencies, 'artifacts' | 'codeVersion'>,
  input: MonthQualityInput,
  report: MonthQualityReport,
): Promise<KeptReport<ArtifactRef>> {
  const { system, rules, month, synthetic, inputs = [] } = input;
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
  const json = await artifacts.writeJson(
    producer,
    report,
    { ...common, name: 'report.json', uri: (sha256) => reportUri(folder, sha256) },
    'canonical',
  );
  const page = await artifacts.write(producer, {
    ...common,
    name: 'report.html',
    content: Buffer.from(monthReportPage(report)),
    contentType: 'text/html; charset=utf-8',
    uri: () => pageOf(json.uri),
  });
  return { kept: json, page: page.uri };
}

async function previousMeasures(
  { artifacts }: Pick<ActivityDependencies, 'artifacts'>,
  { system, rules, month, synthetic, previous }: MonthQualityInput,
): Promise<MonthMeasures | null> {
  if (previous) return measuresBefore(month, previous);
  const { objects } = artifacts;
  const key = { system, rules, month: addMonths(month, -1), synthetic };
  const dataset = await readPointer<MonthDataset>(objects, monthPointer(objects.buckets.data, key));
  if (!dataset?.quality || !(await artifacts.has(dataset.quality.uri))) return null;
  return (await artifacts.readJson<MonthQualityReport>(dataset.quality)).measures;
}
