/** Logs features, predictions and versions. It is written in blocks and read with one row per prediction (view `prediction_log`). */
import type { Database, Queryable } from './database.ts';
import type { PredictionBlock } from './prediction-block.ts';

/** Writes a block in one statement, all or nothing. @throws CitibikeError like `Database.copyIn`. */
export async function writePredictions(
  db: Pick<Database, 'copyIn'>,
  block: Pick<PredictionBlock, 'columns' | 'bytes'>,
): Promise<void> {
  await db.copyIn(
    `COPY prediction_blocks (${block.columns.join(', ')}) FROM STDIN (FORMAT binary)`,
    Buffer.concat(block.bytes()),
  );
}

/** Sets the blocks per delete statement, which keeps locks short and transactions small. */
const DELETE_BLOCKS = 1_000;

/**
 * Deletes predictions of a model older than `days`, oldest first, in whole blocks. A block covers seconds, or more if Postgres was
 * unavailable. It is safe to run concurrently.
 * @returns number of deleted predictions.
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
