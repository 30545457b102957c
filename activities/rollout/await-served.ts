/** Waits until every live process serves the desired version. */
import { desiredState } from '../../adapters/postgres/serving.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { followProcesses } from './follow-processes.ts';

const SERVE_TIMEOUT_MS = 90_000;

/** Waits for the first process. A service that just starts or restarts takes a few seconds to register. */
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
        `generation ${generation} of ${model} (version ${version}) was replaced: generation ${wanted?.generation ?? 0} has the desired version ${wanted?.desiredVersion ?? 'none'}`,
      );
    },
  });
  if (processes.length > 0) return { processes: processes.map(({ address }) => address) };
  throw new CitibikeError(
    'ROLLOUT_FAILED',
    `version ${version} of ${model} is not served: no process of the prediction service is alive. Start one with citibike up`,
  );
}
