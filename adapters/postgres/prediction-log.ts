/** The log of what was asked, what was answered, and by which version: written in blocks, read a row a prediction (view `prediction_log`). */
import type { Database, Queryable } from './database.ts';
import type { PredictionBlock } from './prediction-block.ts';

/** Writes a block in one statement. @throws CitibikeError as `Database.copyIn` does; then nothing of it was written. */
export async function writePredictions(
  db: Pick<Database, 'copyIn'>,
  block: Pick<PredictionBlock, 'columns' | 'bytes'>,
): Promise<void> {
  await db.copyIn(
    `COPY prediction_blocks (${block.columns.join(', ')}) FROM STDIN (FORMAT binary)`,
    Buffer.concat(block.bytes()),
  );
}

/** Blocks deleted in one statement: a short lock and a small transaction, however much there is. */
const DELETE_BLOCKS = 1_000;

/**
 * Deletes what a model's service answered more than `days` ago, the oldest first: whole blocks, which cover seconds, or what a service
 * held while Postgres was away. Safe to run by many at once.
 * @returns predictions deleted.
 */
export async function deleteOldPredictions(db: Queryable, model: string, days: number): Promise<number> {
  let deleted = 0;
  for (;;) {
    const blocks = await db.query<{ predictions: number }>(
      `DELETE FROM prediction_blocks WHERE id IN (
         SELECT id FROM prediction_blocks
         WHERE model = $1 AND last_at < now() - make_interval(days => $2)
         ORDER BY last_at LIMIT ${DELETE_BLOCKS} FOR UPDATE SKIP LOCKED)
       RETURNING predictions`,
      [model, days],
    );
    deleted += blocks.reduce((sum, { predictions }) => sum + predictions, 0);
    if (blocks.length < DELETE_BLOCKS) return deleted;
  }
}
