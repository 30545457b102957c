/** A value as a message shows it: JSON, cut at 80 characters, by work that does not grow with the value. */
import { redact, withoutOpenAddress } from './redact.ts';
import { isSecretName } from './secret-names.ts';
import { visibleLine } from './visible-text.ts';

/** Characters of a value in a message. */
export const MOST_SHOWN = 80;

/** Characters of a text that are read: enough to know an address with a password in it. */
const MOST_READ = 2_048;
const DEEPEST = 8;
/** Of values that machines read. */
const DEEPEST_JSON = 24;

/** `undefined` is nothing. */
export function showValue(value: unknown, most = MOST_SHOWN, deepest = DEEPEST): string {
  if (value === undefined) return 'nothing';
  try {
    return cutAt(jsonOf(value, deepest, most + 1), most);
  } catch {
    // A getter or a proxy of somebody's.
    return '(a value that cannot be read)';
  }
}

/** The value without its secrets where its JSON has at most so many characters; otherwise the beginning of it, as a text. */
export function boundedJson(value: unknown, most: number): unknown {
  const text = showValue(value ?? null, most, DEEPEST_JSON);
  try {
    // What was cut anywhere is no JSON any more, but for long texts in it, which end in a sign that they were.
    return JSON.parse(text) as unknown;
  } catch {
    return showValue(value);
  }
}

/** As `boundedJson`, for a value that has a name, which may say that it is secret. */
export function boundedField(name: string, value: unknown, most: number): unknown {
  return isSecretName(name) ? '***' : boundedJson(value, most);
}

/** A name or path of somebody's in a message: as it is, cut and on one line. */
export function showName(name: string, most = MOST_SHOWN): string {
  return cutAt(visibleLine(readable(name)), most);
}

function cutAt(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  // Not within a pair.
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** Stops once it has `room` characters; then the text is no JSON any more. */
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
