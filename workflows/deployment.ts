import { CancellationScope } from '@temporalio/workflow';
import { CitibikeError } from '../contracts/errors.ts';
import { DeploymentInput } from '../contracts/workflows/deployment.ts';
import { parseInput } from '../contracts/parse-input.ts';
import type { DeploymentResult } from '../contracts/workflows/deployment.ts';
import type { TrialResult } from '../contracts/traffic.ts';
import {
  awaitServed,
  proveVersion,
  resolveVersion,
  restoreDesired,
  setDesiredVersion,
} from './activities.ts';
import { ProgressTracker, setSearchAttribute } from './progress.ts';
import { rootMessage } from './root-message.ts';
import { Trial } from './trial.ts';

/**
 * Rolls the champion, or a named version, out to every live process of the prediction service, proven before it serves, and on trial
 * before that where it is asked for. Whatever fails leaves the version that served before.
 */
export async function deployment(raw: Partial<DeploymentInput> = {}): Promise<DeploymentResult> {
  const input = parseInput('deployment', DeploymentInput, raw);
  const { traffic } = input;
  const onTrial = traffic.mode !== 'at-once';
  const progress = new ProgressTracker(['resolve', 'prove', ...(onTrial ? ['trial'] : []), 'swap']);
  const { model, version } = await progress.run('resolve', () =>
    resolveVersion({
      alias: input.alias,
      ...(input.model === undefined ? {} : { model: input.model }),
      ...(input.version === undefined ? {} : { version: input.version }),
    }),
  );
  const trialOf = onTrial ? new Trial({ model, version, traffic }) : undefined;
  setSearchAttribute('modelVersion', version);
  const { desired } = await progress.run('prove', () => proveVersion({ model, version }));

  let trial: TrialResult | null = null;
  if (trialOf && desired !== null && desired !== version) {
    trial = await progress.run('trial', (step) => trialOf.run(step));
    if (trial.decision === 'failed') {
      throw new CitibikeError(
        'ROLLOUT_FAILED',
        `version ${version} of ${model} did not pass its ${trial.mode} trial, version ${desired} goes on serving: ${trial.reason}`,
      );
    }
  } else if (trialOf) {
    progress.skip('trial', 'no other version serves');
  }
  if (trial?.mode === 'shadow') {
    progress.skip('swap', 'shadow only');
    return { model, version, generation: null, processes: [], trial };
  }

  return progress.run('swap', async () => {
    try {
      const { generation } = await setDesiredVersion({
        model,
        version,
        reason: input.version ? `version ${version} asked for` : `alias ${input.alias}`,
      });
      const { processes } = await awaitServed({ model, generation, version });
      return { model, version, generation, processes, trial };
    } catch (error) {
      if (desired !== version) {
        const reason = `taken back: version ${version} could not be served: ${rootMessage(error)}`;
        await CancellationScope.nonCancellable(() =>
          restoreDesired({ model, failed: version, restore: desired, reason }),
        );
      }
      throw error;
    }
  });
}
