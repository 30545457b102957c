/**
 * Connects rollouts with the prediction service. `serving_generation` has the desired version, one row per model.
 * `serving_process` has the state of each process, one row per process, which heartbeats keep alive. All times come from the
 * database, so that clocks need not agree.
 */
import { CitibikeError } from '../../contracts/errors.ts';
import type { CanaryMode } from '../../contracts/traffic.ts';
import type { Queryable } from './database.ts';

/** Sets the seconds without a heartbeat after which a process counts as stopped. Processes send at least two heartbeats in this time. */
const ALIVE_SECONDS = 5;

/** Represents a version beside the desired one. A canary answers a share of the requests; a shadow computes all and answers none. */
export interface CanaryState {
  /** Number that each canary or shadow of the model increments. */
  readonly id: number;
  readonly version: string;
  readonly mode: CanaryMode;
  readonly percent: number;
}

export interface DesiredState {
  readonly model: string;
  /** Number that each change of `desiredVersion` increments; 0 before the first. */
  readonly generation: number;
  /** Null until the first rollout. */
  readonly desiredVersion: string | null;
  /** Version to load beside the desired one and to prove by its golden request; null if there is none. */
  readonly preloadedVersion: string | null;
  /** Null without a canary, and after its lease has expired. */
  readonly canary: CanaryState | null;
  readonly reason: string;
}

export interface ServingProcess {
  readonly instanceId: string;
  readonly model: string;
  readonly address: string;
  readonly pid: number;
  /** The generation that the process serves; null before its first. */
  readonly generation: number | null;
  readonly servedVersion: string | null;
  /** The newest version that answered its golden request here. */
  readonly provenVersion: string | null;
  /** The newest version that could not be loaded or proven here, and why. */
  readonly failedVersion: string | null;
  readonly failure: string | null;
  /** Counts of the canary in which the process takes part. They are only written; `liveProcesses` omits them. */
  readonly traffic?: { readonly canaryId: number; readonly counted: readonly VersionTraffic[] };
}

/** Represents the running totals of one version in one canary and one process, or their sum over processes. */
export interface VersionTraffic {
  readonly version: string;
  readonly requests: number;
  readonly errors: number;
  /** Requests by compute time, in the buckets of core/serving/latency-histogram.ts. */
  readonly latencyBuckets: readonly number[];
  readonly comparedRows: number;
  /** Sum of |candidate − served| / max(served, 1 trip) over these rows. */
  readonly disagreementSum: number;
  /** Requests that were not compared because the process was busy. */
  readonly skipped: number;
}

/** Returns the desired state; undefined before the first preload or rollout. */
export async function desiredState(db: Queryable, model: string): Promise<DesiredState | undefined> {
  const [row] = await db.query<DesiredRow>(
    `SELECT ${DESIRED_COLUMNS} FROM serving_generation WHERE model = $1`,
    [model],
  );
  return row && parseDesired(row);
}

/** Requests every process to load and prove a version beside the served one; null withdraws the request. */
export async function preloadVersion(db: Queryable, model: string, version: string | null): Promise<void> {
  await db.query(
    `INSERT INTO serving_generation (model, generation, staged_version, reason)
     VALUES ($1, 0, $2, 'staged for proving')
     ON CONFLICT (model) DO UPDATE SET staged_version = EXCLUDED.staged_version, updated_at = now()`,
    [model, version],
  );
}

/** Ends the preload of a version, unless another one was preloaded meanwhile. */
export async function endPreload(db: Queryable, model: string, version: string): Promise<void> {
  await db.query(
    'UPDATE serving_generation SET staged_version = NULL, updated_at = now() WHERE model = $1 AND staged_version = $2',
    [model, version],
  );
}

/**
 * Sets the desired version. The generation grows only if the version changes. This ends its preload, and also a canary, which was
 * compared with the earlier version.
 */
export async function setDesired(
  db: Queryable,
  model: string,
  version: string,
  reason: string,
): Promise<DesiredState> {
  const [row] = await db.query<DesiredRow>(
    `INSERT INTO serving_generation AS have (model, generation, desired_version, reason)
     VALUES ($1, 1, $2, $3)
     ON CONFLICT (model) DO UPDATE SET
       generation = have.generation
         + CASE WHEN have.desired_version IS DISTINCT FROM EXCLUDED.desired_version THEN 1 ELSE 0 END,
       reason = CASE WHEN have.desired_version IS DISTINCT FROM EXCLUDED.desired_version
         THEN EXCLUDED.reason ELSE have.reason END,
       trial_version = CASE WHEN have.desired_version IS DISTINCT FROM EXCLUDED.desired_version
         THEN NULL ELSE have.trial_version END,
       desired_version = EXCLUDED.desired_version,
       staged_version = NULLIF(have.staged_version, EXCLUDED.desired_version),
       updated_at = now()
     RETURNING ${DESIRED_COLUMNS}`,
    [model, version, reason],
  );
  if (!row) throw new CitibikeError('UPSTREAM_UNAVAILABLE', `Postgres kept no desired version of ${model}`);
  return parseDesired(row);
}

/** Undoes a rollout; null restores the state without a desired version. Does nothing if another version is now desired. */
export async function restoreDesired(
  db: Queryable,
  model: string,
  failed: string,
  restore: string | null,
  reason: string,
): Promise<void> {
  await db.query(
    `UPDATE serving_generation
     SET generation = generation + 1, desired_version = $3, reason = $4, staged_version = NULLIF(staged_version, $2),
         trial_version = NULL, updated_at = now()
     WHERE model = $1 AND desired_version = $2`,
    [model, failed, restore, reason],
  );
}

/** Writes the heartbeat and state of a process. Inserts its row if missing, also after a cleanup. */
export async function reportProcess(db: Queryable, process: ServingProcess): Promise<void> {
  await db.query(
    `INSERT INTO serving_process
       (instance_id, model, address, pid, generation, served_version, proven_version, failed_version, failure)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (instance_id) DO UPDATE SET
       model = EXCLUDED.model, address = EXCLUDED.address, pid = EXCLUDED.pid, generation = EXCLUDED.generation,
       served_version = EXCLUDED.served_version, proven_version = EXCLUDED.proven_version,
       failed_version = EXCLUDED.failed_version, failure = EXCLUDED.failure, heartbeat_at = now()`,
    [
      process.instanceId,
      process.model,
      process.address,
      process.pid,
      process.generation,
      process.servedVersion,
      process.provenVersion,
      process.failedVersion,
      process.failure,
    ],
  );
  for (const traffic of process.traffic?.counted ?? []) {
    await reportTraffic(db, process, process.traffic!.canaryId, traffic);
  }
}

/** Replaces the earlier counts of the process. */
async function reportTraffic(
  db: Queryable,
  { model, instanceId }: ServingProcess,
  canaryId: number,
  traffic: VersionTraffic,
): Promise<void> {
  await db.query(
    `INSERT INTO serving_traffic
       (model, trial_id, instance_id, version, requests, errors, latency_buckets, compared_rows, disagreement_sum, skipped)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (model, trial_id, instance_id, version) DO UPDATE SET
       requests = EXCLUDED.requests, errors = EXCLUDED.errors, latency_buckets = EXCLUDED.latency_buckets,
       compared_rows = EXCLUDED.compared_rows, disagreement_sum = EXCLUDED.disagreement_sum,
       skipped = EXCLUDED.skipped, updated_at = now()`,
    [
      model,
      canaryId,
      instanceId,
      traffic.version,
      traffic.requests,
      traffic.errors,
      traffic.latencyBuckets,
      traffic.comparedRows,
      traffic.disagreementSum,
      traffic.skipped,
    ],
  );
}

/** Lists processes of a model whose last heartbeat is at most `withinSeconds` old, ordered by start. */
export async function liveProcesses(
  db: Queryable,
  model: string,
  withinSeconds = ALIVE_SECONDS,
): Promise<ServingProcess[]> {
  const rows = await db.query<ProcessRow>(
    `SELECT instance_id, model, address, pid, generation, served_version, proven_version, failed_version, failure
     FROM serving_process
     WHERE model = $1 AND heartbeat_at >= now() - make_interval(secs => $2)
     ORDER BY started_at, instance_id`,
    [model, withinSeconds],
  );
  return rows.map(parseProcess);
}

/** Removes a process at a clean shutdown, and rows of the same model without a heartbeat for an hour. */
export async function removeProcess(db: Queryable, instanceId: string): Promise<void> {
  await db.query(
    `DELETE FROM serving_process
     WHERE instance_id = $1
        OR (heartbeat_at < now() - interval '1 hour'
            AND model = (SELECT model FROM serving_process WHERE instance_id = $1))`,
    [instanceId],
  );
}

const DESIRED_COLUMNS = `model, generation, desired_version, staged_version, reason,
  trial_id, trial_mode, trial_percent, CASE WHEN trial_until > now() THEN trial_version END AS trial_version`;

type DesiredRow = {
  model: string;
  generation: number;
  desired_version: string | null;
  staged_version: string | null;
  reason: string;
  trial_id: number;
  trial_version: string | null;
  trial_mode: CanaryMode | null;
  trial_percent: number | null;
};

type ProcessRow = {
  instance_id: string;
  model: string;
  address: string;
  pid: number;
  generation: number | null;
  served_version: string | null;
  proven_version: string | null;
  failed_version: string | null;
  failure: string | null;
};

function parseDesired(row: DesiredRow): DesiredState {
  return {
    model: row.model,
    generation: row.generation,
    desiredVersion: row.desired_version,
    preloadedVersion: row.staged_version,
    canary:
      row.trial_version === null || row.trial_mode === null
        ? null
        : {
            id: row.trial_id,
            version: row.trial_version,
            mode: row.trial_mode,
            percent: row.trial_percent ?? 0,
          },
    reason: row.reason,
  };
}

function parseProcess(row: ProcessRow): ServingProcess {
  return {
    instanceId: row.instance_id,
    model: row.model,
    address: row.address,
    pid: row.pid,
    generation: row.generation,
    servedVersion: row.served_version,
    provenVersion: row.proven_version,
    failedVersion: row.failed_version,
    failure: row.failure,
  };
}
