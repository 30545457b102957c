/** Copies JSON inputs, because workflows have no `structuredClone`. */
import { CitibikeError } from './errors.ts';

/** Limits the number of values to copy, far more than any valid input has. */
const MOST_VALUES = 20_000;
const DEEPEST = 32;

/**
 * Returns a copy that shares nothing with `value`, without undefined fields.
 * @param what name of the input, for the message.
 * @throws CitibikeError INVALID_INPUT if it has more values or deeper nesting than any valid input.
 */
export function jsonCopy(what: string, value: unknown): unknown {
  let left = MOST_VALUES;
  const copy = (from: unknown, depth: number): unknown => {
    left -= 1;
    if (left < 0) throw tooLarge(what, `more than ${MOST_VALUES} values`);
    if (typeof from !== 'object' || from === null) return from;
    if (depth === 0) throw tooLarge(what, `values nested more than ${DEEPEST} deep`);
    if (Array.isArray(from)) return from.map((item) => copy(item, depth - 1) ?? null);
    const fields: Record<string, unknown> = {};
    for (const name in from) {
      if (!Object.hasOwn(from, name)) continue;
      const item = copy((from as Record<string, unknown>)[name], depth - 1);
      // A plain assignment to `__proto__` would set the prototype instead of a field.
      if (item !== undefined)
        Object.defineProperty(fields, name, {
          value: item,
          enumerable: true,
          writable: true,
          configurable: true,
        });
    }
    return fields;
  };
  return copy(value, DEEPEST);
}

function tooLarge(what: string, got: string): CitibikeError {
  return new CitibikeError(
    'INVALID_INPUT',
    `input of ${what} is not valid: got ${got}, expected an object of its fields`,
  );
}
