/** Reads what `COPY ... (FORMAT binary)` is given, by its description in the manual of Postgres. */
import type { LoggedPrediction, PredictionBatch } from '../../../adapters/postgres/prediction-batch.ts';

const HEADER_BYTES = 11 + 4 + 4;

export function rowsOf(batch: Pick<PredictionBatch, 'columns' | 'bytes'>): LoggedPrediction[] {
  const bytes = Buffer.from(batch.bytes());
  const rows: LoggedPrediction[] = [];
  let at = HEADER_BYTES;
  for (;;) {
    const count = bytes.readInt16BE(at);
    at += 2;
    if (count === -1) break;
    const fields = Array.from({ length: count }, () => {
      const length = bytes.readInt32BE(at);
      at += 4 + length;
      return bytes.subarray(at - length, at);
    });
    const field = (name: (typeof batch.columns)[number]): Buffer => fields[batch.columns.indexOf(name)]!;
    const time = (name: 'predicted_at' | 'target_hour') =>
      new Date(Date.UTC(2000, 0, 1) + Number(field(name).readBigInt64BE()) / 1_000);
    rows.push({
      requestId: field('request_id').toString(),
      rowIndex: field('row_index').readInt32BE(),
      predictedAt: time('predicted_at'),
      model: field('model').toString(),
      version: field('version').toString(),
      system: field('system').toString(),
      targetHour: time('target_hour').toISOString().slice(0, 19),
      features: JSON.parse(field('features').subarray(1).toString()) as object,
      prediction: field('prediction').readDoubleBE(),
      latencyMs: field('latency_ms').readDoubleBE(),
    });
  }
  if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes after the end`);
  return rows;
}
