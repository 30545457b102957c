import { CancellationScope } from '@temporalio/workflow';
import { PromotionInput } from '../contracts/workflows/promotion.ts';
import { parseInput } from '../contracts/parse-input.ts';
import type { PromotionResult } from '../contracts/workflows/promotion.ts';
import type { TrialResult } from '../contracts/traffic.ts';
import {
  archiveCandidate,
  awaitServed,
  pointChampion,
  proveVersion,
  readAliases,
  restoreAliases,
  restoreDesired,
  setDesiredVersion,
} from './activities.ts';
import { decide } from './decide.ts';
import { notify } from './notify.ts';
import { ProgressTracker, setSearchAttribute } from './progress.ts';
import { rootMessage } from './root-message.ts';
import { Trial } from './trial.ts';

/**
 * Decide, prove, try, point, swap, in that order: whatever fails before the alias is pointed leaves everything as it was, whatever
 * fails after it is run back. A rollback is the same, with the version turned round and nothing to compare.
 */
export async function promotion(raw: PromotionInput): Promise<PromotionResult> {
  const input = parseInput('promotion', PromotionInput, raw);
  const { model, version, rule, traffic } = input;
  const onTrial = traffic.mode !== 'at-once';
  const progress = new ProgressTracker(['compare', 'prove', ...(onTrial ? ['trial'] : []), 'point', 'swap']);
  const trialOf = onTrial ? new Trial({ model, version, traffic }) : undefined;
  setSearchAttribute('modelVersion', version);

  const comparison = await progress.run('compare', () => decide(input));
  const reason = input.note ? `${comparison.reason}. ${input.note}` : comparison.reason;
  const outcome = { ...comparison, reason, version };
  if (!comparison.promote) {
    // A version that may not be gone back to is no worse for it.
    if (rule !== 'rollback') await archiveCandidate({ model, version, reason });
    for (const step of ['prove', ...(onTrial ? ['trial'] : []), 'point', 'swap']) {
      progress.skip(step, 'not promoted');
    }
    return { ...outcome, provenBy: [], servedBy: [], trial: null };
  }

  const aliases = await readAliases({ model });
  const { provenBy, desired } = await progress.run('prove', () => proveVersion({ model, version }));
  const nobodyServes = provenBy.every((prover) => prover === 'worker');
  let trial: TrialResult | null = null;
  if (trialOf && !nobodyServes && desired !== null && desired !== version) {
    trial = await progress.run('trial', (step) => trialOf.run(step));
  } else if (trialOf) {
    progress.skip('trial', nobodyServes ? 'no prediction service is alive' : 'no other version serves');
  }
  if (trial?.decision === 'failed') {
    const why = `not promoted after its ${trial.mode} trial: ${trial.reason}`;
    await archiveCandidate({ model, version, reason: why });
    for (const step of ['point', 'swap']) progress.skip(step, 'not promoted');
    await notify('rollback', { model, version, text: `version ${version} of ${model} was ${why}` });
    return { ...outcome, promote: false, reason: why, provenBy, servedBy: [], trial };
  }

  // From here on a cancellation would leave the alias and the service apart.
  return CancellationScope.nonCancellable(async () => {
    try {
      await progress.run('point', () =>
        pointChampion({
          model,
          version,
          reason,
          ...(rule === 'rollback' ? { withdrawal: capitalized(reason) } : {}),
        }),
      );
      const servedBy = await progress.run('swap', async () => {
        const { generation } = await setDesiredVersion({ model, version, reason });
        // Nobody to wait for: a process that starts later takes the desired version by itself.
        if (nobodyServes) return [];
        return (await awaitServed({ model, generation, version })).processes;
      });
      if (aliases.champion !== version) {
        const what = rule === 'rollback' ? 'rollback' : 'promotion';
        await notify(what, { model, version, text: `version ${version} of ${model} is champion: ${reason}` });
      }
      return { ...outcome, provenBy, servedBy, trial };
    } catch (error) {
      const undo = `taken back: version ${version} could not be served: ${rootMessage(error)}`;
      await restoreAliases({ model, aliases });
      if (desired !== version) {
        await restoreDesired({ model, failed: version, restore: desired, reason: undo });
      }
      if (rule !== 'rollback' && aliases.champion !== version) {
        await archiveCandidate({ model, version, reason: undo });
      }
      throw error;
    }
  });
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
