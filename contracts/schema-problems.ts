/**
 * Finds where a value departs from a schema. It only explains what TypeBox's `Check` has decided, so a missed
 * departure lets no invalid value pass. The number of departures bounds the work, while TypeBox's own list
 * reads the whole value.
 */
import type { TSchema } from 'typebox';
import { Check, Errors } from 'typebox/schema';
import { showName } from './show-value.ts';

export interface Departure {
  /** Dotted path of the field. */
  readonly path: string;
  readonly got: unknown;
  readonly wanted: string;
}

/** Represents the subset of JSON Schema that TypeBox writes for our schemas. */
interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly patternProperties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Node;
  readonly items?: Node;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Found {
  readonly most: number;
  readonly known: Departure[];
  /** Fields that no schema knows; they are listed last. */
  readonly unknown: Departure[];
}

/** Returns at most `most` departures, known fields first. */
export function departures(schema: TSchema, value: unknown, most: number): Departure[] {
  const found: Found = { most, known: [], unknown: [] };
  walk(schema, value, '', found);
  return [...found.known, ...found.unknown].slice(0, most);
}

function walk(node: Node, value: unknown, path: string, found: Found): void {
  if (found.known.length >= found.most || isPlainNumber(node, value)) return;
  if (node.type === 'array' && Array.isArray(value) && node.items && fitsLength(node, value)) {
    for (let i = 0; i < value.length && found.known.length < found.most; i += 1)
      walk(node.items, value[i], below(path, String(i)), found);
    return;
  }
  if (node.type === 'object' && isFields(value)) {
    const before = found.known.length + found.unknown.length;
    walkKnown(node, value, path, found);
    walkOthers(node, value, path, found);
    if (found.known.length + found.unknown.length > before || node.minProperties === undefined) return;
  }
  if (!Check(node as TSchema, value)) {
    found.known.push({ path, got: value, wanted: node.description ?? messageFor(node, value) });
  }
}

function walkKnown(node: Node, fields: Record<string, unknown>, path: string, found: Found): void {
  for (const [name, wanted] of Object.entries(node.properties ?? {})) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (value !== undefined) walk(wanted, value, below(path, name), found);
    else if (node.required?.includes(name) && found.known.length < found.most)
      found.known.push({
        path: below(path, name),
        got: undefined,
        wanted: wanted.description ?? 'a value',
      });
  }
}

/** Checks fields that match a pattern, and unknown fields. */
function walkOthers(node: Node, fields: Record<string, unknown>, path: string, found: Found): void {
  const { properties = {}, patternProperties = {}, additionalProperties } = node;
  const patterns = Object.entries(patternProperties).map(
    ([pattern, wanted]) => [new RegExp(pattern, 'u'), wanted] as const,
  );
  if (additionalProperties !== false && typeof additionalProperties !== 'object' && patterns.length === 0)
    return;
  for (const name in fields) {
    if (found.known.length >= found.most || found.unknown.length >= found.most) return;
    if (Object.hasOwn(properties, name) || !Object.hasOwn(fields, name)) continue;
    const wanted = patterns.find(([pattern]) => pattern.test(name))?.[1] ?? additionalProperties;
    if (typeof wanted === 'object') walk(wanted, fields[name], below(path, name), found);
    else if (wanted === false)
      found.unknown.push({
        path: below(path, name),
        got: fields[name],
        wanted: `no such field; known here: ${Object.keys(properties).join(', ')}`,
      });
  }
}

function below(path: string, name: string): string {
  return path === '' ? showName(name) : `${path}.${showName(name)}`;
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fitsLength({ minItems = 0, maxItems = Infinity }: Node, { length }: readonly unknown[]): boolean {
  return length >= minItems && length <= maxItems;
}

/**
 * Checks whether a value is a number within bounds. Most values of a large request are plain numbers, and a
 * TypeBox check of each costs twenty times as much.
 */
function isPlainNumber({ type, minimum = -Infinity, maximum = Infinity }: Node, value: unknown): boolean {
  return type === 'number' && Number.isFinite(value) && Number(value) >= minimum && Number(value) <= maximum;
}

/** Returns TypeBox's message for a scalar. Values that may be large are not passed to TypeBox. */
function messageFor(node: Node, value: unknown): string {
  if (typeof value === 'object' && value !== null) return `a ${node.type ?? 'value of another kind'}`;
  return Errors(node as TSchema, value)[1][0]?.message ?? 'another value';
}
