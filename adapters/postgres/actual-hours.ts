/** Trips as they were counted when they were published: what logged predictions are held against (view `citibike_live_accuracy`). */
import type { Queryable } from './database.ts';

export interface ActualHour {
  /** `YYYY-MM-DD`, New York. */
  readonly date: string;
  /** 0..23, wall clock. */
  readonly hour: number;
  readonly trips: number;
}

/** Rows a statement. */
const BATCH_ROWS = 5_000;

/**
 * Writes the hours of a system; those there already take the new count. Safe to run twice and by several at once.
 * @param system `nyc`, `jc`, or with `-synthetic` behind it, so that made-up trips are held against no real model.
 */
export async function upsertActualHours(
  db: Queryable,
  system: string,
  rows: readonly ActualHour[],
): Promise<void> {
  // One order for all writers, so that no two wait for each other.
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
