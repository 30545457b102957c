import { CancellationScope } from '@temporalio/workflow';
import { PromotionInput, parseInput } from '../contracts/inputs.ts';
import type { PromotionResult } from '../contracts/results.ts';
import {
  archiveCandidate,
  awaitServed,
  compareWithChampion,
  pointChampion,
  proveVersion,
  setDesiredVersion,
} from './activities.ts';
import { ProgressTracker, setSearchAttribute } from './progress.ts';

/**
 * Decide, prove, point, swap, in that order: whatever fails before the alias is pointed leaves everything as it was, whatever
 * fails after it is run back.
 */
export async function promotion(raw: PromotionInput): Promise<PromotionResult> {
  const { model, version, testFrame, threshold } = parseInput('promotion', PromotionInput, raw);
  const progress = new ProgressTracker(['compare', 'prove', 'point', 'swap']);
  setSearchAttribute('modelVersion', version);

  const comparison = await progress.run('compare', () =>
    compareWithChampion({ model, version, testFrame, threshold }),
  );
  const { reason } = comparison;
  if (!comparison.promote) {
    await archiveCandidate({ model, version, reason });
    for (const step of ['prove', 'point', 'swap']) progress.skip(step, 'not promoted');
    return { ...comparison, version, provenBy: [], servedBy: [] };
  }

  const { provenBy } = await progress.run('prove', () => proveVersion({ model, version }));
  // From here on a cancellation would leave the alias and the service apart.
  return CancellationScope.nonCancellable(async () => {
    const { previous } = await progress.run('point', () => pointChampion({ model, version, reason }));
    try {
      const servedBy = await progress.run('swap', async () => {
        const { generation } = await setDesiredVersion({ model, version, reason });
        // Nobody to wait for: a process that starts later takes the desired version by itself.
        if (provenBy.every((prover) => prover === 'worker')) return [];
        return (await awaitServed({ model, generation, version })).processes;
      });
      return { ...comparison, version, provenBy, servedBy };
    } catch (error) {
      if (previous !== null && previous !== version) {
        const undo = `rolled back: version ${version} could not be served`;
        await pointChampion({ model, version: previous, reason: undo });
        await setDesiredVersion({ model, version: previous, reason: undo });
        await archiveCandidate({ model, version, reason: undo });
      }
      throw error;
    }
  });
}
