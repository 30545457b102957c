/** Formats values for messages: JSON, cut at 80 characters. The work does not grow with the value. */
import { redact, withoutOpenAddress } from './redact.ts';
import { isSecretName } from './secret-names.ts';
import { visibleLine } from './visible-text.ts';

/** Limits the number of characters of a value in a message. */
const MOST_SHOWN = 80;

/** Limits the number of characters of a text that are read; enough to recognise an address with a password. */
const MOST_READ = 2_048;
const DEEPEST = 8;
/** Limits the nesting depth of values that machines read. */
const DEEPEST_JSON = 24;

/** Formats a value for a message. Shows `undefined` as `nothing`. */
export function showValue(value: unknown, most = MOST_SHOWN, deepest = DEEPEST): string {
  if (value === undefined) return 'nothing';
  try {
    return cutAt(jsonOf(value, deepest, most + 1), most);
  } catch {
    // The value has a getter or a proxy that throws.
    return '(a value that cannot be read)';
  }
}

/**
 * Returns the value without its secrets if its JSON has at most `most` characters; otherwise the beginning of
 * the JSON as a text.
 */
export function boundedJson(value: unknown, most: number): unknown {
  const text = showValue(value ?? null, most, DEEPEST_JSON);
  try {
    // A cut value is no longer valid JSON. Only long strings inside it are cut with a marker and stay valid.
    return JSON.parse(text) as unknown;
  } catch {
    return showValue(value);
  }
}

/** Bounds a named value like `boundedJson`, and hides it if the name is secret. */
export function boundedField(name: string, value: unknown, most: number): unknown {
  return isSecretName(name) ? '***' : boundedJson(value, most);
}

/** Formats an external name or path for a message: unquoted, cut and on one line. */
export function showName(name: string, most = MOST_SHOWN): string {
  return cutAt(visibleLine(readable(name)), most);
}

function cutAt(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  // The cut must not split a surrogate pair.
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** Formats a value as JSON. Stops after `room` characters; the text is then not valid JSON. */
function jsonOf(value: unknown, depth: number, room: number): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return isShort(value) ? `${value}n` : '(a large bigint)';
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'function' || typeof value === 'symbol' ? `(a ${typeof value})` : String(value);
  }
  const isList = Array.isArray(value);
  if (depth === 0) return isList ? '[…]' : '{…}';
  if (value instanceof Date)
    return quoted(Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString());
  let text = isList ? '[' : '{';
  const add = (name: string, item: unknown): void => {
    if (text.length > 1) text += ',';
    if (!isList) text += `${quoted(name)}:`;
    text += !isList && isSecretName(name) ? '"***"' : jsonOf(item, depth - 1, room - text.length);
  };
  if (isList) for (let i = 0; i < value.length && text.length < room; i += 1) add('', value[i]);
  else {
    for (const name in value) {
      if (text.length >= room) break;
      if (Object.hasOwn(value, name)) add(name, (value as Record<string, unknown>)[name]);
    }
  }
  return `${text}${isList ? ']' : '}'}`;
}

function isShort(value: bigint): boolean {
  const bound = 10n ** 78n;
  return value < bound && value > -bound;
}

function quoted(text: string): string {
  return `"${visibleLine(readable(text).replace(/["\\]/g, '\\$&'))}"`;
}

function readable(text: string): string {
  if (text.length <= MOST_READ) return redact(text);
  return `${redact(withoutOpenAddress(text.slice(0, MOST_READ)))}…`;
}
