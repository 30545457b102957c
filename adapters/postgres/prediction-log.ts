/** Rows of `prediction_log`: what was asked, what was answered, by which version. */
import type { Database } from './database.ts';

export interface LoggedPrediction {
  readonly requestId: string;
  /** Index of the row in its request. */
  readonly rowIndex: number;
  readonly predictedAt: Date;
  readonly model: string;
  readonly version: string;
  /** The hour predicted, New York wall clock, as `YYYY-MM-DDTHH:00:00`. */
  readonly targetHour: string;
  /** The row as it was sent. */
  readonly features: object;
  readonly prediction: number;
  readonly latencyMs: number;
}

/** Writes all rows in one statement, one array a column, so that it has nine parameters whatever the number of rows. */
export async function insertPredictions(
  db: Pick<Database, 'query'>,
  rows: readonly LoggedPrediction[],
): Promise<void> {
  if (rows.length === 0) return;
  await db.query(
    `INSERT INTO prediction_log
       (request_id, row_index, predicted_at, model, version, target_hour, features, prediction, latency_ms)
     SELECT * FROM unnest(
       $1::text[], $2::integer[], $3::timestamptz[], $4::text[], $5::text[],
       $6::timestamp[], $7::jsonb[], $8::double precision[], $9::double precision[])`,
    [
      rows.map((row) => row.requestId),
      rows.map((row) => row.rowIndex),
      rows.map((row) => row.predictedAt.toISOString()),
      rows.map((row) => row.model),
      rows.map((row) => row.version),
      rows.map((row) => row.targetHour),
      rows.map((row) => JSON.stringify(row.features)),
      rows.map((row) => row.prediction),
      rows.map((row) => row.latencyMs),
    ],
  );
}
