/** Has a version proven everywhere it would serve, before anything points at it. */
import {
  desiredState,
  stageVersion,
  unstageVersion,
  type ServingProcess,
} from '../../adapters/postgres/serving.ts';
import { tensorflowNetwork } from '../../adapters/tensorflow/tensorflow-network.ts';
import { loadModelFiles } from '../../core/serving/serving-model.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { followProcesses } from './follow-processes.ts';

/** Named in `provenBy` where no process of the prediction service is alive. */
const WORKER = 'worker';

/** Loading takes well under a second; the rest is for MLflow being slow, and for processes that start just now. */
const PROVE_TIMEOUT_MS = 90_000;

export async function proveVersion(
  deps: ActivityDependencies,
  { model, version }: { model: string; version: string },
): Promise<{ provenBy: string[]; desired: string | null }> {
  // Says MODEL_NOT_FOUND before any process is asked to load what is not there.
  await deps.mlflow.getVersion(model, version);
  let proven = false;
  try {
    const processes = await followProcesses(deps.database, {
      model,
      version,
      timeoutMs: PROVE_TIMEOUT_MS,
      waitForFirstMs: 0,
      isThere: (process) => hasProven(process, version),
      goal: `prove version ${version} of ${model}`,
      // Again at every look: a rollout of another version may have staged its own meanwhile.
      onPoll: () => stageVersion(deps.database, model, version),
    });
    if (processes.length === 0) await proveHere(deps, model, version);
    const desired = (await desiredState(deps.database, model))?.desiredVersion ?? null;
    proven = true;
    return { provenBy: processes.length === 0 ? [WORKER] : processes.map(({ address }) => address), desired };
  } finally {
    // A proven version stays staged, so that processes keep it loaded until it is the desired one.
    if (!proven) await unstageVersion(deps.database, model, version).catch(() => undefined);
  }
}

function hasProven(process: ServingProcess, version: string): boolean {
  return process.provenVersion === version || process.servedVersion === version;
}

/** `loadModelFiles` answers the golden request, or throws BAD_MODEL. */
async function proveHere(deps: ActivityDependencies, model: string, version: string): Promise<void> {
  await loadModelFiles(await deps.mlflow.downloadModelFiles(model, version), tensorflowNetwork);
}
