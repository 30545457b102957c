/** Locks by name, held by Postgres for as long as a transaction lasts; whoever dies gives it back. */
import type { Database } from './database.ts';

/**
 * Runs `work` while no other holder of the same name does, in whatever process. Holds one connection of the pool meanwhile, so
 * `work` should be seconds, and must not lock again.
 */
export async function underLock<T>(db: Database, name: string, work: () => Promise<T>): Promise<T> {
  let outcome: PromiseSettledResult<T> | undefined;
  await db.transaction(async (query) => {
    await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`citibike:${name}`]);
    // Settled here, so that an error of the work is not taken for one of Postgres.
    [outcome] = await Promise.allSettled([work()]);
  });
  if (outcome?.status === 'fulfilled') return outcome.value;
  throw outcome?.reason;
}
