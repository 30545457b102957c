/** Builds the addresses of the console's pages. Every name is encoded, because it may contain any character. */

export const address = {
  run: (workflowId: string, runId?: string) =>
    `/runs/${encodeURIComponent(workflowId)}${runId ? `?run=${encodeURIComponent(runId)}` : ''}`,
  newRun: (type?: string, from?: string) => `/new-run${query({ type, from })}`,
  /** @param search workflow id or MLflow run of a search, or MLflow run of a trial. */
  trainingFromSearch: (search: string) => `/new-run${query({ type: 'training', search })}`,
  month: (system: string, rules: string, month: string) =>
    `/data/${encodeURIComponent(system)}/${encodeURIComponent(rules)}/${encodeURIComponent(month)}`,
  artifact: (uri: string) => `/artifacts${query({ uri })}`,
  folder: (bucket: string, prefix: string) => `/artifacts${query({ bucket, prefix })}`,
  model: (name: string) => `/models/${encodeURIComponent(name)}`,
  version: (name: string, version: string) =>
    `/models/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`,
  /** The first version is the baseline of the others. */
  compare: (name: string, versions: readonly string[]) =>
    `/models/${encodeURIComponent(name)}/compare${query({ versions: versions.join(',') })}`,
  compareExperiments: (runs: readonly string[]) => `/compare-experiments${query({ runs: runs.join(',') })}`,
  experiment: (runId: string) => `/experiments/${encodeURIComponent(runId)}`,
  editSchedule: (id?: string) => `/edit-schedule${query({ id })}`,
  forecast: (system?: string, issuedAt?: string) => `/forecast${query({ system, issuedAt })}`,
  drift: (system?: string, model?: string) => `/drift${query({ system, model })}`,
} as const;

/** Returns the given fields as `?a=1&b=2`, or an empty text. */
function query(fields: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return given.length > 0 ? `?${search.toString()}` : '';
}

/** Returns bucket and key of `s3://bucket/key`; undefined for anything else. */
export function s3Parts(uri: string): { bucket: string; key: string } | undefined {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri);
  return match ? { bucket: match[1]!, key: match[2]! } : undefined;
}

/** Shortens an address to the last two parts of its key. */
export function shortUri(uri: string): string {
  const parts = uri.replace(/\/$/, '').split('/');
  return parts.slice(-2).join('/');
}

/** Returns where the API answers with a log as text. @param step undefined for all steps and child runs. */
export function logUrl(workflowId: string, runId: string, step?: string): string {
  return `/api/runs/${encodeURIComponent(workflowId)}/logs${query({ runId, step })}`;
}

/** Returns where the API streams an object. @param show asks for reports and pictures in place; the server decides. */
export function contentUrl(uri: string, show = false): string {
  return `/api/artifacts/content${query({ uri, ...(show ? { show: 'true' } : {}) })}`;
}
