/** Derives the body limits of the prediction routes from the schemas of their rows. */
import type { TObject } from 'typebox';
import type { JsonLimits } from '../../adapters/fastify/json-bounds.ts';
import { MAX_BATCH_ROWS } from '../../contracts/max-batch-rows.ts';
import { FeatureRow, TripRow } from './predict.ts';

export const ROWS_FIELD = 'input_data';

/** Limits the length of a double in JSON: sign, 17 digits, decimal point, and a signed three-digit exponent. */
const NUMBER_BYTES = '-2.2250738585072014e-308'.length;
const DATE_BYTES = '"2025-01-15T08:00:00"'.length;

/**
 * Returns the size of the widest row as Python's `json.dumps` writes it, with a space after every colon and
 * comma.
 */
function widestBytes({ properties }: TObject): number {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const isText = (schema as { type?: string }).type === 'string';
    return `"${name}": , `.length + (isText ? DATE_BYTES : NUMBER_BYTES);
  });
  return fields.reduce((sum, bytes) => sum + bytes, '{}, '.length);
}

export const WIDEST_ROW_BYTES = Math.max(widestBytes(TripRow), widestBytes(FeatureRow));

/** Limits the body to 10,000 rows of 16 fields with all digits: rows × Σ(name + 6 + value), plus the enclosing object and list. */
export const MAX_BODY_BYTES = MAX_BATCH_ROWS * WIDEST_ROW_BYTES + `{"${ROWS_FIELD}": []}`.length;

export const BODY_LIMITS: JsonLimits = {
  depth: 8,
  rows: MAX_BATCH_ROWS,
  // Allows four times the fields of the widest row, because callers may send extra columns where unknown fields are ignored.
  values: 64,
  textBytes: 1_024,
};
