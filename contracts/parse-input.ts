/** Parses workflow inputs. */

import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { withCurrentNames } from './former-names.ts';
import { assertFits, spanProblems } from './input-problems.ts';
import { jsonCopy } from './json-copy.ts';

/**
 * Returns the input with current names and with its defaults.
 * @throws CitibikeError INVALID_INPUT that names every invalid field, its value and what was expected.
 */
export function parseInput<T extends TSchema>(what: string, schema: T, value: unknown): Static<T> {
  const current = withCurrentNames(schema, jsonCopy(what, value ?? {}));
  const filled = Value.Default(schema, withoutGrowthIfBasic(current));
  assertFits(`input of ${what} is`, schema, filled, spanProblems);
  return filled;
}

/** Sets the default of `growth` to false for the basic features, because none of them says the year. */
function withoutGrowthIfBasic(value: unknown): unknown {
  if (!isRecord(value)) return value;
  // Most workflows have the training options at the top level. `monitoring` has them in `retraining`.
  for (const asked of [value, value['retraining']]) {
    if (!isRecord(asked) || asked['featureSet'] !== 'basic') continue;
    const given = asked['hyperParameters'] ?? {};
    // The schema rejects any other value.
    if (isRecord(given)) asked['hyperParameters'] = { growth: false, ...given };
  }
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
