/** Manages canaries and shadows beside the desired version, and sums the counts of the prediction service's processes. */
import type { CanaryMode } from '../../contracts/traffic.ts';
import type { Queryable } from './database.ts';
import type { VersionTraffic } from './serving.ts';

/**
 * Sets the time that a canary continues without a renewal by its workflow. It is longer than the replacement of a worker takes, and short
 * because the version is not monitored meanwhile.
 */
const LEASE_SECONDS = 60;

/** Sets the days for which counts of old canaries are kept, for inspection. */
const KEEP_DAYS = 90;

/**
 * Begins a canary or shadow, or finds the one that the same owner began before.
 * @returns the running one, of any owner; undefined if no version is desired, or if the version is the desired one.
 */
export async function beginCanary(
  db: Queryable,
  canary: { model: string; version: string; mode: CanaryMode; percent: number; owner: string },
): Promise<{ id: number; owner: string; version: string; served: string } | undefined> {
  const { model, version, mode, percent, owner } = canary;
  await db.query(
    `UPDATE serving_generation
     SET trial_id = trial_id + 1, trial_version = $2, trial_mode = $3, trial_percent = $4, trial_owner = $5,
         trial_until = now() + make_interval(secs => $6), updated_at = now()
     WHERE model = $1 AND desired_version <> $2
       AND (trial_version IS NULL OR trial_until <= now())`,
    [model, version, mode, percent, owner, LEASE_SECONDS],
  );
  await db.query(
    'DELETE FROM serving_traffic WHERE model = $1 AND updated_at < now() - make_interval(days => $2)',
    [model, KEEP_DAYS],
  );
  const [row] = await db.query<{ id: number; owner: string; version: string; served: string }>(
    `SELECT trial_id AS id, trial_owner AS owner, trial_version AS version, desired_version AS served
     FROM serving_generation
     WHERE model = $1 AND trial_version IS NOT NULL AND trial_until > now()`,
    [model],
  );
  return row;
}

/** Renews the lease. @returns the version that the canary is compared with; undefined if it ended or another rollout began. */
export async function renewCanary(
  db: Queryable,
  model: string,
  canaryId: number,
): Promise<string | undefined> {
  const [row] = await db.query<{ served: string }>(
    `UPDATE serving_generation SET trial_until = now() + make_interval(secs => $3)
     WHERE model = $1 AND trial_id = $2 AND trial_version IS NOT NULL
     RETURNING desired_version AS served`,
    [model, canaryId, LEASE_SECONDS],
  );
  return row?.served;
}

/** Ends a canary. Does nothing if it has already ended. */
export async function endCanary(db: Queryable, model: string, canaryId: number): Promise<void> {
  await db.query(
    `UPDATE serving_generation
     SET trial_version = NULL, staged_version = NULLIF(staged_version, trial_version), updated_at = now()
     WHERE model = $1 AND trial_id = $2 AND trial_version IS NOT NULL`,
    [model, canaryId],
  );
}

/** Sums counts by version over all processes, including stopped ones. */
export async function trafficOf(db: Queryable, model: string, canaryId: number): Promise<VersionTraffic[]> {
  const rows = await db.query<TrafficRow>(
    `SELECT version, requests, errors, latency_buckets, compared_rows, disagreement_sum, skipped
     FROM serving_traffic WHERE model = $1 AND trial_id = $2 ORDER BY version, instance_id`,
    [model, canaryId],
  );
  const sums = new Map<string, VersionTraffic>();
  for (const row of rows) {
    const sum = sums.get(row.version);
    sums.set(row.version, {
      version: row.version,
      requests: row.requests + (sum?.requests ?? 0),
      errors: row.errors + (sum?.errors ?? 0),
      latencyBuckets: row.latency_buckets.map((count, i) => Number(count) + (sum?.latencyBuckets[i] ?? 0)),
      comparedRows: row.compared_rows + (sum?.comparedRows ?? 0),
      disagreementSum: row.disagreement_sum + (sum?.disagreementSum ?? 0),
      skipped: row.skipped + (sum?.skipped ?? 0),
    });
  }
  return [...sums.values()];
}

type TrafficRow = {
  version: string;
  requests: number;
  errors: number;
  latency_buckets: (number | string)[];
  compared_rows: number;
  disagreement_sum: number;
  skipped: number;
};
