import { CancellationScope } from '@temporalio/workflow';
import { PromotionInput, type PromotionResult } from '../contracts/workflows/promotion.ts';
import { parseInput } from '../contracts/parse-input.ts';
import { archiveCandidate, pointChampion, readAliases, restoreAliases } from './activities.ts';
import { decide } from './decide.ts';
import { notify } from './notify.ts';
import { ProgressTracker, setSearchAttribute } from './progress.ts';
import { restoreReason, Rollout } from './rollout.ts';

/**
 * Decides, proves the version, runs its canary or shadow, moves the alias and swaps. A failure before the alias moves changes
 * nothing. A later failure restores aliases and service. A rollback promotes an earlier version without a comparison.
 */
export async function promotion(raw: PromotionInput): Promise<PromotionResult> {
  const input = parseInput('promotion', PromotionInput, raw);
  const { model, version, rule, traffic } = input;
  const rolloutSteps = Rollout.steps(traffic, ['point']);
  const progress = new ProgressTracker(['compare', ...rolloutSteps]);
  const rollout = new Rollout({ model, version, traffic, mustServe: false });
  setSearchAttribute('modelVersion', version);

  const comparison = await progress.run('compare', () => decide(input));
  const reason = input.note ? `${comparison.reason}. ${input.note}` : comparison.reason;
  const outcome = { ...comparison, reason, version };
  const skip = (steps: readonly string[]) => steps.forEach((step) => progress.skip(step, 'not promoted'));
  if (!comparison.promote) {
    // A version that was champion before keeps its tags.
    if (rule !== 'rollback') await archiveCandidate({ model, version, reason });
    skip(rolloutSteps);
    return { ...outcome, provenBy: [], servedBy: [], generation: null, trial: null };
  }

  const aliases = await readAliases({ model });
  const { provenBy, canary } = await rollout.prove(progress);
  if (canary?.decision === 'failed') {
    const why = `not promoted after its ${canary.mode}: ${canary.reason}`;
    await archiveCandidate({ model, version, reason: why });
    skip(['point', 'swap']);
    await notify('rollback', { model, version, text: `version ${version} of ${model} was ${why}` });
    return {
      ...outcome,
      promote: false,
      reason: why,
      provenBy,
      servedBy: [],
      generation: null,
      trial: canary,
    };
  }

  const alias = {
    apply: () =>
      progress.run('point', () =>
        pointChampion({
          model,
          version,
          reason,
          ...(rule === 'rollback' ? { withdrawal: capitalized(reason) } : {}),
        }),
      ),
    restore: () => restoreAliases({ model, aliases }),
  };
  // A cancellation after this point would leave alias and service inconsistent.
  return CancellationScope.nonCancellable(async () => {
    try {
      const swapped = await rollout.swap(progress, reason, alias);
      if (aliases.champion !== version) {
        const what = rule === 'rollback' ? 'rollback' : 'promotion';
        await notify(what, { model, version, text: `version ${version} of ${model} is champion: ${reason}` });
      }
      return { ...outcome, provenBy, ...swapped, trial: canary };
    } catch (error) {
      if (rule !== 'rollback' && aliases.champion !== version) {
        await archiveCandidate({ model, version, reason: restoreReason(version, error) });
      }
      throw error;
    }
  });
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
