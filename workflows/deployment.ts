import { CitibikeError } from '../contracts/errors.ts';
import { DeploymentInput, type DeploymentResult } from '../contracts/workflows/deployment.ts';
import { parseInput } from '../contracts/parse-input.ts';
import { resolveVersion } from './activities.ts';
import { ProgressTracker, setSearchAttribute } from './progress.ts';
import { Rollout } from './rollout.ts';

/**
 * Rolls out the champion, or a version by number, to every live process of the prediction service. After a failure the earlier
 * version still serves.
 */
export async function deployment(raw: Partial<DeploymentInput> = {}): Promise<DeploymentResult> {
  const input = parseInput('deployment', DeploymentInput, raw);
  const { traffic } = input;
  const progress = new ProgressTracker(['resolve', ...Rollout.steps(traffic)]);
  const { model, version } = await progress.run('resolve', () =>
    resolveVersion({
      alias: input.alias,
      model: input.model,
      version: input.version,
    }),
  );
  const rollout = new Rollout({ model, version, traffic, mustServe: true });
  setSearchAttribute('modelVersion', version);
  const { canary } = await rollout.prove(progress);
  if (canary?.decision === 'failed') {
    throw new CitibikeError(
      'ROLLOUT_FAILED',
      `version ${version} of ${model} failed its ${canary.mode}; version ${rollout.desired} still serves: ${canary.reason}`,
    );
  }
  if (canary?.mode === 'shadow') {
    progress.skip('swap', 'shadow only');
    return { model, version, generation: null, processes: [], trial: canary };
  }
  const reason = input.version ? `version ${version} requested` : `alias ${input.alias}`;
  const { generation, servedBy } = await rollout.swap(progress, reason);
  return { model, version, generation, processes: servedBy, trial: canary };
}
