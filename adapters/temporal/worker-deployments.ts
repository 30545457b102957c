/** Reads the versions of a worker deployment and sets which of them start new runs. */
import { isGrpcServiceError, type Client } from '@temporalio/client';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';

/** Limits the runs that are listed by id per version. */
const MOST_LISTED = 5;

/** Lists the statuses in the order of `temporal.api.enums.v1.WorkerDeploymentVersionStatus`. */
const STATUSES = ['unknown', 'inactive', 'current', 'ramping', 'draining', 'drained', 'created'] as const;
type VersionStatus = (typeof STATUSES)[number];

export interface WorkerVersion {
  readonly buildId: string;
  /** `draining` until its last pinned run is closed. Temporal looks every few minutes. */
  readonly status: VersionStatus;
  /** Share of new runs in percent. Null unless the version is ramping. */
  readonly percent: number | null;
  /** ISO time since which the version has this status. Null if it never started runs. */
  readonly since: string | null;
  /** Number of open runs that end on this version. */
  readonly pinnedRuns: number;
  /** Ids of the oldest of them, at most five. */
  readonly examples: readonly string[];
  /** Number of open runs that ran here last and will move to the current version. */
  readonly movingRuns: number;
}

export interface WorkerDeployment {
  readonly name: string;
  /** Null: unversioned workers start new runs. */
  readonly current: string | null;
  /** Newest first. */
  readonly versions: readonly WorkerVersion[];
}

/** Returns the names of all deployments of the namespace. */
export async function deploymentNames({ workflowService, options }: Client): Promise<string[]> {
  const { namespace } = options;
  const { workerDeployments } = await workflowService.listWorkerDeployments({ namespace });
  return workerDeployments.map(({ name }) => name ?? '').sort();
}

/** @throws CitibikeError INVALID_INPUT if no worker has registered a version of the deployment. */
export async function readDeployment(client: Client, name: string): Promise<WorkerDeployment> {
  const { namespace } = client.options;
  const { workerDeploymentInfo: info } = await client.workflowService
    .describeWorkerDeployment({ namespace, deploymentName: name })
    .catch((error: unknown) => {
      throw isGrpcServiceError(error) && Number(error.code) === NOT_FOUND
        ? unknownDeployment(name, error)
        : error;
    });
  const routing = info?.routingConfig;
  const summaries = (info?.versionSummaries ?? []).toSorted(
    (a, b) => Number(b.createTime?.seconds ?? 0) - Number(a.createTime?.seconds ?? 0),
  );
  const versions = await Promise.all(
    summaries.map(async (summary): Promise<WorkerVersion> => {
      const buildId = summary.deploymentVersion?.buildId ?? '';
      const status = STATUSES[summary.status ?? 0] ?? 'unknown';
      const percent = status === 'ramping' ? (routing?.rampingVersionPercentage ?? 0) : null;
      const since = summary.drainageInfo?.lastChangedTime ?? summary.routingUpdateTime;
      const runs = await openRuns(client, name, buildId);
      return { buildId, status, percent, since: isoTimeOf(since), ...runs };
    }),
  );
  return { name, current: routing?.currentDeploymentVersion?.buildId || null, versions };
}

/**
 * Lets new runs start on the version, and moves runs that may wait for days to it.
 * @param buildId null: unversioned workers start new runs.
 */
export async function setCurrentVersion(client: Client, name: string, buildId: string | null): Promise<void> {
  const { namespace, identity } = client.options;
  await route(client, name, buildId, () =>
    client.workflowService.setWorkerDeploymentCurrentVersion({
      namespace,
      identity,
      deploymentName: name,
      buildId: buildId ?? '',
    }),
  );
}

/** Lets a share of the new runs start on the version. @param percent 0 to 100; 0 ends the ramp. */
export async function rampVersion(
  client: Client,
  name: string,
  buildId: string,
  percent: number,
): Promise<void> {
  const { namespace, identity } = client.options;
  await route(client, name, buildId, () =>
    client.workflowService.setWorkerDeploymentRampingVersion({
      namespace,
      identity,
      deploymentName: name,
      percentage: percent,
      buildId: percent === 0 ? '' : buildId,
    }),
  );
}

async function openRuns(client: Client, name: string, buildId: string) {
  const open = `ExecutionStatus = 'Running' AND TemporalWorkerDeploymentVersion = '${name}:${buildId}'`;
  const pinned = `${open} AND TemporalWorkflowVersioningBehavior = 'Pinned'`;
  const moving = `${open} AND TemporalWorkflowVersioningBehavior = 'AutoUpgrade'`;
  const [pinnedRuns, movingRuns] = await Promise.all([
    client.workflow.count(pinned),
    client.workflow.count(moving),
  ]);
  const examples: string[] = [];
  if (pinnedRuns.count > 0) {
    for await (const { workflowId } of client.workflow.list({ query: pinned, pageSize: MOST_LISTED })) {
      examples.push(workflowId);
      if (examples.length === MOST_LISTED) break;
    }
  }
  return { pinnedRuns: pinnedRuns.count, movingRuns: movingRuns.count, examples };
}

async function route(
  client: Client,
  name: string,
  buildId: string | null,
  change: () => Promise<unknown>,
): Promise<void> {
  const { versions } = await readDeployment(client, name);
  if (buildId !== null && !versions.some((version) => version.buildId === buildId)) {
    const known = versions.map((version) => version.buildId).join(', ');
    throw new CitibikeError(
      'INVALID_INPUT',
      `build id: got ${showValue(buildId)}, expected a build of the deployment ${name}: ${known}. A build appears when its first worker starts.`,
    );
  }
  try {
    await change();
  } catch (error) {
    if (!isGrpcServiceError(error) || Number(error.code) === UNAVAILABLE) throw error;
    throw new CitibikeError(
      'UPSTREAM_REFUSED',
      `Temporal did not change the deployment ${name}: ${error.details || messageOf(error)}`,
      {},
      { cause: error },
    );
  }
}

/** Lists the codes of `grpc.status`. */
const NOT_FOUND = 5;
const UNAVAILABLE = 14;

function unknownDeployment(name: string, cause: Error): CitibikeError {
  return new CitibikeError(
    'INVALID_INPUT',
    `deployment: got ${showValue(name)}, expected a deployment that a worker has registered; start a worker with WORKER_DEPLOYMENT=${name}`,
    {},
    { cause },
  );
}

interface Timestamp {
  readonly seconds?: { toString(): string } | number | null;
}

function isoTimeOf(time: Timestamp | null | undefined): string | null {
  const seconds = Number(time?.seconds?.toString() ?? 0);
  return seconds === 0 ? null : new Date(seconds * 1000).toISOString();
}
