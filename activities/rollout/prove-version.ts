/** Proves a version on every process that would serve it, before any alias or row refers to it. */
import {
  desiredState,
  preloadVersion,
  endPreload,
  type ServingProcess,
} from '../../adapters/postgres/serving.ts';
import { tensorflowNetwork } from '../../adapters/tensorflow/tensorflow-network.ts';
import { loadModelFiles } from '../../core/serving/serving-model.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { followProcesses } from './follow-processes.ts';

/** Appears in `provenBy` if no process of the prediction service is alive. */
const WORKER = 'worker';

/** Limits the proof. Loading takes under a second; the rest allows for a slow MLflow and starting processes. */
const PROVE_TIMEOUT_MS = 90_000;

export async function proveVersion(
  deps: ActivityDependencies,
  { model, version }: { model: string; version: string },
): Promise<{ provenBy: string[]; desired: string | null }> {
  // Fails with MODEL_NOT_FOUND before any process tries to load the version.
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
      // Preloads the version at every poll, because another rollout may have preloaded its version meanwhile.
      onPoll: () => preloadVersion(deps.database, model, version),
    });
    if (processes.length === 0) await proveHere(deps, model, version);
    const desired = (await desiredState(deps.database, model))?.desiredVersion ?? null;
    proven = true;
    return { provenBy: processes.length === 0 ? [WORKER] : processes.map(({ address }) => address), desired };
  } finally {
    // A proven version stays preloaded, so that processes keep it loaded until it is the desired one.
    if (!proven) await endPreload(deps.database, model, version).catch(() => undefined);
  }
}

function hasProven(process: ServingProcess, version: string): boolean {
  return process.provenVersion === version || process.servedVersion === version;
}

/** Proves the version in this worker. `loadModelFiles` throws BAD_MODEL if the golden request fails. */
async function proveHere(deps: ActivityDependencies, model: string, version: string): Promise<void> {
  await loadModelFiles(await deps.mlflow.downloadModelFiles(model, version), tensorflowNetwork);
}
