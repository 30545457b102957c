/** Finds the newest quality report of each month in S3. */
import { pageOf, qualityFolder } from '../activities/preprocess/quality-folders.ts';
import type { ObjectStore } from '../adapters/s3/object-store.ts';
import { CitibikeError } from '../contracts/errors.ts';
import type { MonthQualityReport } from '../core/quality/month-report.ts';
import type { SystemId } from '../contracts/systems.ts';
import type { StoredRuleSet } from '../contracts/stored-names.ts';

export interface StoredReport {
  readonly report: MonthQualityReport;
  readonly page: string;
}

export interface ReportQuery {
  readonly systems: readonly SystemId[];
  readonly rules: StoredRuleSet;
  /** Default: the newest month of each system that has a report. */
  readonly month?: string;
}

/**
 * Returns at most one report per system: of real months if there are any, or else of the synthetic system.
 * @throws CitibikeError MISSING_MONTHS if there is no report.
 */
export async function newestReports(objects: ObjectStore, query: ReportQuery): Promise<StoredReport[]> {
  const found: StoredReport[] = [];
  for (const system of query.systems) {
    const uri =
      (await newestUri(objects, system, false, query)) ?? (await newestUri(objects, system, true, query));
    if (uri) found.push({ report: await objects.getJson<MonthQualityReport>(uri), page: pageOf(uri) });
  }
  if (found.length === 0) {
    const { systems, rules, month } = query;
    throw new CitibikeError(
      'MISSING_MONTHS',
      `no quality report of ${systems.join(' or ')}${month ? ` ${month}` : ''} by the rules '${rules}'; ingest writes one for each month`,
    );
  }
  return found;
}

async function newestUri(
  objects: ObjectStore,
  system: SystemId,
  synthetic: boolean,
  { rules, month }: ReportQuery,
): Promise<string | undefined> {
  const prefix = `${qualityFolder(objects.buckets.artifacts, { system, rules, synthetic })}/`;
  let newest: { uri: string; month: string; modified: Date } | undefined;
  for await (const { uri, modified } of objects.list(month ? `${prefix}${month}/` : prefix)) {
    const parts = /^(\d{4}-\d{2})\/[0-9a-f]+\/report\.json$/.exec(uri.slice(prefix.length));
    if (!parts) continue;
    const candidate = { uri, month: parts[1]!, modified };
    if (!newest || candidate.month > newest.month) newest = candidate;
    else if (candidate.month === newest.month && modified > newest.modified) newest = candidate;
  }
  return newest?.uri;
}
