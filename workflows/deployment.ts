import { DeploymentInput, parseInput } from '../contracts/inputs.ts';
import type { DeploymentResult } from '../contracts/results.ts';
import { awaitServed, proveVersion, resolveVersion, setDesiredVersion } from './activities.ts';
import { ProgressTracker, setSearchAttribute } from './progress.ts';

/** Rolls the champion, or a named version, out to every live process of the prediction service, proven before it serves. */
export async function deployment(raw: DeploymentInput = { alias: 'champion' }): Promise<DeploymentResult> {
  const input = parseInput('deployment', DeploymentInput, raw);
  const progress = new ProgressTracker(['resolve', 'prove', 'swap']);
  const { model, version } = await progress.run('resolve', () => resolveVersion(input));
  setSearchAttribute('modelVersion', version);
  await progress.run('prove', () => proveVersion({ model, version }));
  return progress.run('swap', async () => {
    const { generation } = await setDesiredVersion({
      model,
      version,
      reason: input.version ? `version ${version} asked for` : `alias ${input.alias}`,
    });
    const { processes } = await awaitServed({ model, generation, version });
    return { model, version, generation, processes };
  });
}
