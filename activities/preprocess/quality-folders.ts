/**
 * Names the folders of quality reports in the artifacts bucket. Addresses depend on content and not on the workflow, so that a
 * data set that refers to a report stays the same.
 */
import type { SystemId } from '../../contracts/systems.ts';
import { storedName, type StoredRuleSet } from '../../contracts/stored-names.ts';

export function qualityFolder(
  bucket: string,
  { system, rules, synthetic }: { system: SystemId; rules: StoredRuleSet; synthetic: boolean },
): string {
  return `s3://${bucket}/quality/${storedName(system, synthetic)}/${rules}`;
}

/** Returns the address of a report. @param folder of a month or of the data sets. */
export function reportUri(folder: string, sha256: string): string {
  return `${folder}/${sha256.slice(0, 16)}/report.json`;
}

/** Returns the address of the page next to the JSON. */
export function pageOf(jsonUri: string): string {
  return jsonUri.replace(/\.json$/, '.html');
}
