/** Compares logged predictions with published trips (view `citibike_live_accuracy`). */
import type { Queryable } from './database.ts';

export interface LiveAccuracy {
  /** First and last day with published trips, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  /** Number of predicted hours whose trips are published. */
  readonly hours: number;
  /** Trips per hour. */
  readonly rmse: number;
  readonly mae: number;
  /** Mean of prediction − actual. */
  readonly bias: number;
}

/**
 * Returns the accuracy of a version over its newest `days` with published trips; undefined if there are none.
 * The query reads the whole prediction log, which may take seconds.
 */
export async function liveAccuracy(
  db: Queryable,
  model: string,
  version: string,
  days: number,
): Promise<LiveAccuracy | undefined> {
  const [accuracy] = await db.query<LiveAccuracy>(
    `SELECT min(day)::text AS "from", max(day)::text AS "to", sum(n)::integer AS hours,
       sqrt(sum(n * rmse ^ 2) / sum(n)) AS rmse, sum(n * mae) / sum(n) AS mae, sum(n * bias) / sum(n) AS bias
     FROM (SELECT * FROM citibike_live_accuracy WHERE model = $1 AND version = $2 ORDER BY day DESC LIMIT $3) AS newest
     HAVING sum(n) > 0`,
    [model, version, days],
  );
  return accuracy;
}
