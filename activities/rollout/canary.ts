/** Begins and judges a canary or shadow. The prediction service follows the rows in Postgres. */
import { Context } from '@temporalio/activity';
import { liveProcesses, type VersionTraffic } from '../../adapters/postgres/serving.ts';
import { beginCanary as begin, renewCanary, trafficOf } from '../../adapters/postgres/canary-traffic.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { CanaryJudgement, CanaryLimits, CanaryMode, VersionFigures } from '../../contracts/traffic.ts';
import { latencyQuantile } from '../../core/serving/latency-histogram.ts';
import { decideCanary } from '../../core/promotion/canary-decision.ts';
import type { ActivityDependencies } from '../dependencies.ts';

export async function beginCanary(
  deps: ActivityDependencies,
  input: { model: string; version: string; mode: CanaryMode; percent: number },
): Promise<{ trialId: number; served: string }> {
  const { workflowExecution } = Context.current().info;
  const owner = `${workflowExecution?.workflowId ?? 'local'}/${workflowExecution?.runId ?? 'local'}`;
  const running = await begin(deps.database, { ...input, owner });
  if (running?.owner === owner && running.version === input.version) {
    return { trialId: running.id, served: running.served };
  }
  const { model, version } = input;
  throw new CitibikeError(
    'ROLLOUT_FAILED',
    running
      ? `version ${version} of ${model} cannot begin a canary or shadow: ${running.owner.split('/')[0]} runs one of version ${running.version}. Wait for it, or end it with citibike rollback ${model}`
      : `version ${version} of ${model} cannot begin a canary or shadow: no other version is desired`,
  );
}

export async function judgeCanary(
  deps: ActivityDependencies,
  input: { model: string; trialId: number; version: string; limits: CanaryLimits; last: boolean },
): Promise<CanaryJudgement> {
  const { model, trialId, version, limits, last } = input;
  const served = await renewCanary(deps.database, model, trialId);
  if (served === undefined) {
    throw new CitibikeError(
      'ROLLOUT_FAILED',
      `another rollout ended the canary or shadow of version ${version} of ${model}`,
    );
  }
  const [counted, processes] = await Promise.all([
    trafficOf(deps.database, model, trialId),
    liveProcesses(deps.database, model),
  ]);
  const candidate = counted.find((traffic) => traffic.version === version);
  const rows = candidate?.comparedRows ?? 0;
  const figures = {
    candidate: figuresOf(version, candidate),
    served: figuresOf(
      served,
      counted.find((traffic) => traffic.version === served),
    ),
    comparedRows: rows,
    disagreement: candidate && rows > 0 ? candidate.disagreementSum / rows : null,
  };
  const failing = processes.find(({ failedVersion }) => failedVersion === version);
  if (failing) {
    const reason = `${failing.address} could not load version ${version}: ${failing.failure ?? 'no reason given'}`;
    return { ...figures, decision: 'failed', reason };
  }
  return decideCanary(figures, limits, last);
}

function figuresOf(version: string, counted: VersionTraffic | undefined): VersionFigures {
  return {
    version,
    requests: counted?.requests ?? 0,
    errors: counted?.errors ?? 0,
    p95Ms: latencyQuantile(counted?.latencyBuckets ?? [], 0.95),
  };
}
