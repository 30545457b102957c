/** Decodes the data of `COPY prediction_blocks ... (FORMAT binary)`, as the manual of Postgres describes it. */
import type {
  LoggedPrediction,
  PredictionBlock,
  PredictionSource,
} from '../../../adapters/postgres/prediction-block.ts';

const HEADER_BYTES = 11 + 4 + 4;

/** Reads a length and that many bytes. */
function take(bytes: Buffer, at: number): { value: Buffer; next: number } {
  const next = at + 4 + bytes.readInt32BE(at);
  return { value: bytes.subarray(at + 4, next), next };
}

/** Reads the elements of a one-dimensional array without nulls, after dimensions, flags, type, length and lower bound. */
function elements(array: Buffer): Buffer[] {
  const values: Buffer[] = [];
  for (let at = 20; at < array.length;) {
    const { value, next } = take(array, at);
    values.push(value);
    at = next;
  }
  if (array.readInt32BE(0) !== 1 || array.readInt32BE(12) !== values.length) throw new Error('no such array');
  return values;
}

const timeOf = (bytes: Buffer): number => Date.UTC(2000, 0, 1) + Number(bytes.readBigInt64BE()) / 1_000;

export type CopiedRow = LoggedPrediction & PredictionSource;

export function rowsOf(block: Pick<PredictionBlock, 'columns' | 'bytes'>): CopiedRow[] {
  const bytes = Buffer.concat(block.bytes());
  let at = HEADER_BYTES + 2;
  const fields = Array.from({ length: bytes.readInt16BE(HEADER_BYTES) }, () => {
    const { value, next } = take(bytes, at);
    at = next;
    return value;
  });
  if (bytes.readInt16BE(at) !== -1 || at + 2 !== bytes.length) throw new Error('no end where it should be');
  const field = (name: (typeof block.columns)[number]): Buffer => fields[block.columns.indexOf(name)]!;
  const column = (name: (typeof block.columns)[number]): Buffer[] => elements(field(name));
  const [ids, indexes, made, hours] = [
    column('request_id'),
    column('row_index'),
    column('predicted_at'),
    column('target_hour'),
  ];
  const [features, predictions, latencies] = [column('features'), column('prediction'), column('latency_ms')];
  if (field('predictions').readInt32BE() !== ids.length) throw new Error('another number of predictions');
  const times = made.map(timeOf);
  if (timeOf(field('first_at')) !== Math.min(...times) || timeOf(field('last_at')) !== Math.max(...times))
    throw new Error('not the first and the last time');
  return ids.map((id, i) => ({
    model: field('model').toString(),
    version: field('version').toString(),
    system: field('system').toString(),
    isWhatIf: field('what_if')[0] === 1,
    timeZone: field('time_zone').toString(),
    requestId: id.toString(),
    rowIndex: indexes[i]!.readInt32BE(),
    predictedAtMs: times[i]!,
    targetHourMs: timeOf(hours[i]!),
    features: JSON.parse(features[i]!.toString()) as object,
    prediction: predictions[i]!.readDoubleBE(),
    latencyMs: latencies[i]!.readDoubleBE(),
  }));
}
