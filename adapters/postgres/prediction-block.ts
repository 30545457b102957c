/**
 * Predictions of one version on their way to the log, a row of `prediction_blocks`. They are written as they come, column by column, in the
 * form that Postgres reads: half a microsecond each here and about as much there, a fifth of what rows of a table cost.
 */
import {
  boolField,
  COPY_END,
  COPY_HEADER,
  fieldCount,
  int4Field,
  NumberArrayField,
  PG_TYPES,
  TextArrayField,
  textField,
  timestampField,
} from './copy-binary.ts';

/** Who made predictions: the same for all of a block. */
export interface PredictionSource {
  readonly model: string;
  readonly version: string;
  /** What the version was trained on: `nyc`, `jc`, or with `-synthetic` behind it. */
  readonly system: string;
  /** True for predictions that are no forecasts of their hours: live accuracy leaves them out. */
  readonly isWhatIf: boolean;
}

export interface LoggedPrediction {
  readonly requestId: string;
  /** Index of the row in its request. */
  readonly rowIndex: number;
  /** Milliseconds since 1970. */
  readonly predictedAtMs: number;
  /** The hour predicted, New York wall clock, in milliseconds as if it were UTC. */
  readonly targetHourMs: number;
  /** The row as it was sent. */
  readonly features: object;
  readonly prediction: number;
  readonly latencyMs: number;
}

export interface BlockCapacity {
  readonly rows: number;
  /** Bytes for the ids of requests, 4 more each. */
  readonly requestIdBytes: number;
  /** Bytes for the features as JSON, 4 more a row. */
  readonly featureBytes: number;
}

const COLUMNS = [
  ...['model', 'version', 'system', 'first_at', 'last_at', 'predictions', 'request_id', 'row_index'],
  ...['predicted_at', 'target_hour', 'features', 'prediction', 'latency_ms', 'what_if'],
] as const;

/** `"TMAX":` by `TMAX`; the schemas of requests know some twenty names. */
const knownKeys = new Map<string, string>();
const MOST_KEYS = 100;

function keyOf(name: string): string {
  let key = knownKeys.get(name);
  if (key === undefined) {
    key = `${JSON.stringify(name)}:`;
    if (knownKeys.size < MOST_KEYS) knownKeys.set(name, key);
  }
  return key;
}

/** A zero character, or half a surrogate pair: JSON that Postgres takes as text and does not read as jsonb. */
const UNREADABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/**
 * As `JSON.stringify` writes it. For a few numbers under names that are plain words this is as fast alone, and in a busy service three
 * microseconds less a call, because it leaves less to collect.
 */
function jsonOf(row: object): string {
  let text = '{';
  for (const name in row) {
    const value = (row as Readonly<Record<string, unknown>>)[name];
    if (value === undefined) continue;
    if (text.length > 1) text += ',';
    text += keyOf(name);
    text += typeof value === 'number' && Number.isFinite(value) ? value : JSON.stringify(value);
  }
  return `${text}}`;
}

export class PredictionBlock {
  readonly columns = COLUMNS;
  readonly #capacity: BlockCapacity;
  readonly #requestIds: TextArrayField;
  readonly #rowIndexes: NumberArrayField;
  readonly #predictedAt: NumberArrayField;
  readonly #targetHours: NumberArrayField;
  readonly #features: TextArrayField;
  readonly #predictions: NumberArrayField;
  readonly #latencies: NumberArrayField;
  #rows = 0;
  #firstAtMs = 0;
  #lastAtMs = 0;
  source: PredictionSource;

  constructor(source: PredictionSource, capacity: BlockCapacity) {
    this.source = source;
    this.#capacity = capacity;
    this.#requestIds = new TextArrayField(capacity.requestIdBytes);
    this.#rowIndexes = new NumberArrayField(PG_TYPES.int4, capacity.rows);
    this.#predictedAt = new NumberArrayField(PG_TYPES.timestamptz, capacity.rows);
    this.#targetHours = new NumberArrayField(PG_TYPES.timestamp, capacity.rows);
    this.#features = new TextArrayField(capacity.featureBytes);
    this.#predictions = new NumberArrayField(PG_TYPES.float8, capacity.rows);
    this.#latencies = new NumberArrayField(PG_TYPES.float8, capacity.rows);
  }

  get rows(): number {
    return this.#rows;
  }

  /** Adds a prediction. @returns false, and changes nothing, when there may not be room for it, or Postgres could not read it back. */
  append(logged: LoggedPrediction): boolean {
    const row = this.#rows;
    const features = jsonOf(logged.features);
    if (row === this.#capacity.rows || !this.#features.hasRoomFor(features)) return false;
    if (!this.#requestIds.hasRoomFor(logged.requestId) || UNREADABLE.test(features)) return false;
    this.#requestIds.append(logged.requestId);
    this.#features.append(features);
    this.#rowIndexes.setInt4(row, logged.rowIndex);
    this.#predictedAt.setTimestamp(row, logged.predictedAtMs);
    this.#targetHours.setTimestamp(row, logged.targetHourMs);
    this.#predictions.setFloat8(row, logged.prediction);
    this.#latencies.setFloat8(row, logged.latencyMs);
    this.#firstAtMs = row === 0 ? logged.predictedAtMs : Math.min(this.#firstAtMs, logged.predictedAtMs);
    this.#lastAtMs = row === 0 ? logged.predictedAtMs : Math.max(this.#lastAtMs, logged.predictedAtMs);
    this.#rows = row + 1;
    return true;
  }

  /** Everything as `COPY` reads it, piece by piece, in place: good until the next `append` or `reuse`. */
  bytes(): Uint8Array[] {
    const rows = this.#rows;
    return [
      COPY_HEADER,
      fieldCount(COLUMNS.length),
      ...[this.source.model, this.source.version, this.source.system].map(textField),
      ...[timestampField(this.#firstAtMs), timestampField(this.#lastAtMs), int4Field(rows)],
      ...[this.#requestIds.bytes(rows), this.#rowIndexes.bytes(rows), this.#predictedAt.bytes(rows)],
      ...[this.#targetHours.bytes(rows), this.#features.bytes(rows)],
      ...[this.#predictions.bytes(rows), this.#latencies.bytes(rows), boolField(this.source.isWhatIf)],
      COPY_END,
    ];
  }

  /** Empties it, for predictions of this source. */
  reuse(source: PredictionSource): void {
    this.source = source;
    this.#requestIds.clear();
    this.#features.clear();
    this.#rows = 0;
  }
}
