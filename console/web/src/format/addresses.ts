/** Addresses of the console's own pages. Whatever comes from outside is encoded: a name may hold anything. */

export const address = {
  run: (workflowId: string, runId?: string) =>
    `/runs/${encodeURIComponent(workflowId)}${runId ? `?run=${encodeURIComponent(runId)}` : ''}`,
  newRun: (type?: string, from?: string) => `/new-run${query({ type, from })}`,
  month: (system: string, rules: string, month: string) =>
    `/data/${encodeURIComponent(system)}/${encodeURIComponent(rules)}/${encodeURIComponent(month)}`,
  artifact: (uri: string) => `/artifacts${query({ uri })}`,
  folder: (bucket: string, prefix: string) => `/artifacts${query({ bucket, prefix })}`,
  model: (name: string) => `/models/${encodeURIComponent(name)}`,
  version: (name: string, version: string) =>
    `/models/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`,
  compare: (name: string, a: string, b: string) =>
    `/models/${encodeURIComponent(name)}/compare${query({ a, b })}`,
  experiment: (runId: string) => `/experiments/${encodeURIComponent(runId)}`,
  drift: (system?: string, model?: string) => `/drift${query({ system, model })}`,
} as const;

/** `?a=1&b=2` of what is given, or nothing. */
export function query(fields: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return given.length > 0 ? `?${search.toString()}` : '';
}

/** Bucket and key of `s3://bucket/key`; undefined for anything else. */
export function s3Parts(uri: string): { bucket: string; key: string } | undefined {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri);
  return match ? { bucket: match[1]!, key: match[2]! } : undefined;
}

/** What of an address people know it by: the last two parts of its key. */
export function shortUri(uri: string): string {
  const parts = uri.replace(/\/$/, '').split('/');
  return parts.slice(-2).join('/');
}

/** Where an artifact belongs, of its folders what people can read: `nyc/seed/2024-03`. Digests and the file's name are left out. */
export function placeOf(uri: string): string {
  const folders = (s3Parts(uri)?.key ?? uri).split('/').slice(0, -1);
  return folders
    .filter((folder) => !/^[0-9a-f]{12,}$/.test(folder))
    .slice(-3)
    .join('/');
}

/** Where the API streams an object from; the server decides whether it may be shown or only be saved. */
export function contentUrl(uri: string): string {
  return `/api/artifacts/content${query({ uri })}`;
}
