/** Rows of `prediction_log`: what was asked, what was answered, by which version. */
import type { Database } from './database.ts';
import type { PredictionBatch } from './prediction-batch.ts';

/** Writes a batch in one statement. @throws CitibikeError as `Database.copyIn` does; then none of its rows was written. */
export async function writePredictions(
  db: Pick<Database, 'copyIn'>,
  batch: Pick<PredictionBatch, 'columns' | 'bytes'>,
): Promise<void> {
  await db.copyIn(
    `COPY prediction_log (${batch.columns.join(', ')}) FROM STDIN (FORMAT binary)`,
    batch.bytes(),
  );
}

/** Rows deleted in one statement: a short lock and a small transaction, however much there is. */
const DELETE_ROWS = 10_000;

/** Deletes what a model's service answered more than `days` ago, the oldest first. Safe to run by many at once. @returns rows deleted. */
export async function deleteOldPredictions(
  db: Pick<Database, 'query'>,
  model: string,
  days: number,
): Promise<number> {
  let deleted = 0;
  for (;;) {
    const rows = await db.query(
      `DELETE FROM prediction_log WHERE id IN (
         SELECT id FROM prediction_log
         WHERE model = $1 AND predicted_at < now() - make_interval(days => $2)
         ORDER BY predicted_at LIMIT ${DELETE_ROWS} FOR UPDATE SKIP LOCKED)
       RETURNING id`,
      [model, days],
    );
    deleted += rows.length;
    if (rows.length < DELETE_ROWS) return deleted;
  }
}
