/** Stores published trips per hour, with which logged predictions are compared (view `citibike_live_accuracy`). */
import type { Queryable } from './database.ts';

export interface ActualHour {
  /** `YYYY-MM-DD`, local time of the system. */
  readonly date: string;
  /** 0..23, wall clock. */
  readonly hour: number;
  readonly trips: number;
}

/** Sets the rows per statement. */
const BATCH_ROWS = 5_000;

/**
 * Inserts the hours of a system, or updates their counts. It is safe to repeat and to run concurrently.
 * @param system id of a system, with `-synthetic` appended for synthetic trips, which are never compared with a real model.
 */
export async function upsertActualHours(
  db: Queryable,
  system: string,
  rows: readonly ActualHour[],
): Promise<void> {
  // All writers lock rows in the same order, so that they cannot deadlock.
  const sorted = [...rows].sort((a, b) => (a.date === b.date ? a.hour - b.hour : a.date < b.date ? -1 : 1));
  for (let first = 0; first < sorted.length; first += BATCH_ROWS) {
    const batch = sorted.slice(first, first + BATCH_ROWS);
    await db.query(
      `INSERT INTO actual_hours AS have (system, hour, trips)
       SELECT $1, * FROM unnest($2::timestamp[], $3::integer[])
       ON CONFLICT (system, hour) DO UPDATE SET trips = EXCLUDED.trips, published_at = now()
       WHERE have.trips <> EXCLUDED.trips`,
      [
        system,
        batch.map(({ date, hour }) => `${date}T${String(hour).padStart(2, '0')}:00:00`),
        batch.map(({ trips }) => trips),
      ],
    );
  }
}
