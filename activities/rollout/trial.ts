/** A trial of a version beside the desired one: begun, watched and ended. What serves meanwhile follows by itself. */
import { Context } from '@temporalio/activity';
import { liveProcesses, type VersionTraffic } from '../../adapters/postgres/serving.ts';
import { beginTrial as begin, renewTrial, trafficOf } from '../../adapters/postgres/traffic.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { TrialLimits, TrialMode, TrialVerdict, VersionFigures } from '../../contracts/traffic.ts';
import { latencyQuantile } from '../../core/serving/latency-histogram.ts';
import { judgeTraffic } from '../../core/promotion/canary-decision.ts';
import type { ActivityDependencies } from '../dependencies.ts';

export async function beginTrial(
  deps: ActivityDependencies,
  input: { model: string; version: string; mode: TrialMode; percent: number },
): Promise<{ trialId: number; served: string }> {
  const { workflowExecution } = Context.current().info;
  const owner = `${workflowExecution?.workflowId ?? 'local'}/${workflowExecution?.runId ?? 'local'}`;
  const trial = await begin(deps.database, { ...input, owner });
  if (trial?.owner === owner && trial.version === input.version) {
    return { trialId: trial.id, served: trial.served };
  }
  const { model, version } = input;
  throw new CitibikeError(
    'ROLLOUT_FAILED',
    trial
      ? `version ${version} of ${model} cannot be tried: ${trial.owner.split('/')[0]} tries version ${trial.version} just now; wait for it, or end it with citibike rollback ${model}`
      : `version ${version} of ${model} cannot be tried beside the one that serves: none is desired, or it is the desired one itself`,
  );
}

export async function judgeTrial(
  deps: ActivityDependencies,
  input: { model: string; trialId: number; version: string; limits: TrialLimits; last: boolean },
): Promise<TrialVerdict> {
  const { model, trialId, version, limits, last } = input;
  const served = await renewTrial(deps.database, model, trialId);
  if (served === undefined) {
    throw new CitibikeError(
      'ROLLOUT_FAILED',
      `the trial of version ${version} of ${model} was overtaken by another rollout`,
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
    const reason = `${failing.address} could not load version ${version}: ${failing.failure ?? 'it gave no reason'}`;
    return { ...figures, decision: 'failed', reason };
  }
  return judgeTraffic(figures, limits, last);
}

function figuresOf(version: string, counted: VersionTraffic | undefined): VersionFigures {
  return {
    version,
    requests: counted?.requests ?? 0,
    errors: counted?.errors ?? 0,
    p95Ms: latencyQuantile(counted?.latencyBuckets ?? [], 0.95),
  };
}
