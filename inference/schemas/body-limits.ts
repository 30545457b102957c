/** How large a body of the prediction routes may be, from the schemas of its rows. */
import type { TObject } from 'typebox';
import type { JsonLimits } from '../../adapters/fastify/json-bounds.ts';
import { FeatureRow, MAX_BATCH_ROWS, TripRow } from './predict.ts';

export const ROWS_FIELD = 'input_data';

/** The longest that a double needs: a sign, 17 digits, a point, and an exponent of three digits with its sign. */
const NUMBER_BYTES = '-2.2250738585072014e-308'.length;
const DATE_BYTES = '"2025-01-15T08:00:00"'.length;

/** As Python's `json.dumps` writes it, with a space behind every colon and comma. */
function widestBytes({ properties }: TObject): number {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const isText = (schema as { type?: string }).type === 'string';
    return `"${name}": , `.length + (isText ? DATE_BYTES : NUMBER_BYTES);
  });
  return fields.reduce((sum, bytes) => sum + bytes, '{}, '.length);
}

export const WIDEST_ROW_BYTES = Math.max(widestBytes(TripRow), widestBytes(FeatureRow));

/** Ten thousand rows of 16 fields with all digits: rows × Σ(name + 6 + value) + the braces and the list around them. */
export const MAX_BODY_BYTES = MAX_BATCH_ROWS * WIDEST_ROW_BYTES + `{"${ROWS_FIELD}": []}`.length;

export const BODY_LIMITS: JsonLimits = {
  depth: 8,
  rows: MAX_BATCH_ROWS,
  // Four times the fields of the widest row: where unknown fields are ignored, callers send columns of their own.
  values: 64,
  textBytes: 1_024,
};
