/** Parses workflow inputs. */

import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { assertFits, spanProblems } from './input-problems.ts';
import { jsonCopy } from './json-copy.ts';

/**
 * The input with its defaults filled in.
 * @throws CitibikeError INVALID_INPUT naming every wrong field, what it got and what it wants.
 */
export function parseInput<T extends TSchema>(what: string, schema: T, value: unknown): Static<T> {
  const filled = Value.Default(schema, withoutYearNoGrowth(jsonCopy(what, value ?? {})));
  assertFits(`input of ${what} is`, schema, filled, spanProblems);
  return filled;
}

/**
 * Feature set `seed` is what people move from: 12 features, none of which says the year, and a model that knows no growth. So its
 * default for `growth` is false; every other feature set has the one of `HyperParameters`.
 */
function withoutYearNoGrowth(value: unknown): unknown {
  if (!isRecord(value)) return value;
  // Where a workflow says how to train: `training` and its like at the top, `monitoring` in `retraining`.
  for (const asked of [value, value['retraining']]) {
    if (!isRecord(asked) || asked['featureSet'] !== 'seed') continue;
    const given = asked['hyperParameters'] ?? {};
    // Anything else is refused by the schema.
    if (isRecord(given)) asked['hyperParameters'] = { growth: false, ...given };
  }
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
