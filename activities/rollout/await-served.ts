/** Waits until what is wanted is what is served, on every process that is alive. */
import { desiredState } from '../../adapters/postgres/serving.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { followProcesses } from './follow-processes.ts';

const SERVE_TIMEOUT_MS = 90_000;

/** A service that restarts in this moment, or one that people start beside the rollout, takes a few seconds to show up. */
const FIRST_PROCESS_MS = 15_000;

export async function awaitServed(
  deps: ActivityDependencies,
  input: { model: string; generation: number; version: string },
): Promise<{ processes: string[] }> {
  const { model, generation, version } = input;
  const processes = await followProcesses(deps.database, {
    model,
    version,
    timeoutMs: SERVE_TIMEOUT_MS,
    waitForFirstMs: FIRST_PROCESS_MS,
    isThere: (process) => process.servedVersion === version && (process.generation ?? 0) >= generation,
    goal: `serve version ${version} of ${model} (generation ${generation})`,
    onPoll: async () => {
      const wanted = await desiredState(deps.database, model);
      if (wanted?.desiredVersion === version && wanted.generation >= generation) return;
      throw new CitibikeError(
        'ROLLOUT_FAILED',
        `generation ${generation} of ${model} (version ${version}) was overtaken: generation ${wanted?.generation ?? 0} wants version ${wanted?.desiredVersion ?? 'none'}`,
      );
    },
  });
  if (processes.length > 0) return { processes: processes.map(({ address }) => address) };
  throw new CitibikeError(
    'ROLLOUT_FAILED',
    `version ${version} of ${model} is not served: no prediction service process is alive; start one with citibike up`,
  );
}
