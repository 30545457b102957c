/** Finds the addresses in JSON texts: in the manifest of an artifact, and in an artifact that is JSON itself. */
import type { Readable } from 'node:stream';
import type { ObjectStore } from '../../adapters/s3/object-store.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { MANIFEST_SUFFIX } from '../../core/retention/retained-object.ts';

export type ReadableObjects = Pick<ObjectStore, 'open' | 'buckets'>;

/** Matches a JSON string that is an address. */
const WHOLE_STRING = /"s3:\/\/(?:[^"\\]|\\.)*"/gs;

/** Matches an address within a longer string, such as JSON in JSON. */
const WITHIN_STRING = /s3:\/\/[^\s"'\\]+/g;

/** Exceeds the length of any address: keys in S3 have at most 1,024 bytes, and a JSON escape has 6 characters for one. */
const LONGEST_ADDRESS = 8_192;

/** Returns the addresses that a JSON text names. Text that only resembles an address does no harm: it keeps nothing that exists. */
export function addressesIn(json: string): string[] {
  return [...(json.match(WHOLE_STRING) ?? []).flatMap(unquoted), ...(json.match(WITHIN_STRING) ?? [])];
}

/** The start of a literal may be an escaped quote, so that the text is not JSON. */
function unquoted(literal: string): string[] {
  try {
    return [JSON.parse(literal) as string];
  } catch {
    return [];
  }
}

/** Returns what an object refers to. Other buckets, and objects that do not exist, refer to nothing. */
export async function referencesOf(objects: ReadableObjects, uri: string): Promise<string[]> {
  const { artifacts, data } = objects.buckets;
  if (![artifacts, data].some((bucket) => uri.startsWith(`s3://${bucket}/`))) return [];
  const texts = uri.endsWith('.json') ? [`${uri}${MANIFEST_SUFFIX}`, uri] : [`${uri}${MANIFEST_SUFFIX}`];
  return (await Promise.all(texts.map((text) => addressesInObject(objects, text)))).flat();
}

/** Returns the addresses that a JSON object in S3 names. Reads it in parts, so that a large one needs no memory. */
export async function addressesInObject(objects: ReadableObjects, uri: string): Promise<string[]> {
  let body: Readable;
  try {
    ({ body } = await objects.open(uri));
  } catch (error) {
    const isNoObject = error instanceof CitibikeError && MISSING.has(error.code);
    if (isNoObject) return [];
    throw error;
  }
  const found = new Set<string>();
  let rest = '';
  body.setEncoding('utf8');
  for await (const chunk of body) {
    const text = rest + (chunk as string);
    for (const address of addressesIn(text)) found.add(address);
    // An address may continue in the next chunk.
    rest = text.slice(-LONGEST_ADDRESS);
  }
  return [...found];
}

/** INVALID_INPUT: the text is not the address of an object, such as a folder with `..`. */
const MISSING: ReadonlySet<string> = new Set(['SOURCE_NOT_FOUND', 'INVALID_INPUT']);
