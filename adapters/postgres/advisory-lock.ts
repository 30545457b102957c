/** Locks names in Postgres for the length of a transaction, so that a crash releases the lock. */
import type { Database } from './database.ts';

/**
 * Runs `work` while no other process holds the lock of this name. It occupies one connection of the pool, so `work` should take
 * only seconds and must not lock again.
 */
export async function underLock<T>(db: Database, name: string, work: () => Promise<T>): Promise<T> {
  let outcome: PromiseSettledResult<T> | undefined;
  await db.transaction(async (query) => {
    await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`citibike:${name}`]);
    // Settles the work here, so that its error is not mistaken for an error of Postgres.
    [outcome] = await Promise.allSettled([work()]);
  });
  if (outcome?.status === 'fulfilled') return outcome.value;
  throw outcome?.reason;
}
