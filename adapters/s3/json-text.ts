/** Formats JSON for S3. Keys of artifacts are digests of these bytes, so a layout must never change. */

export const JSON_TYPE = 'application/json';

/** `compact` has no white space, `canonical` also sorts keys, and a number indents by that many spaces. */
export type JsonLayout = 'compact' | 'canonical' | number;

export function jsonText(value: unknown, layout: JsonLayout): string {
  if (layout === 'canonical') return canonicalJson(value);
  return JSON.stringify(value, null, layout === 'compact' ? undefined : layout);
}

/** Returns JSON with sorted keys: the same content gives the same text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}
