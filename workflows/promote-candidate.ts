/** Promotes or archives the candidate of a training, after an approval if one is required. */
import { PromotionInput } from '../contracts/workflows/promotion.ts';
import { parseInput } from '../contracts/parse-input.ts';
import type { TrainingInput } from '../contracts/workflows/training.ts';
import type { ArtifactRef } from '../contracts/artifact.ts';
import type { PromotionResult } from '../contracts/workflows/promotion.ts';
import { archiveCandidate, declareRefit } from './activities.ts';
import type { Approval } from './approval.ts';
import { decide } from './decide.ts';
import { promoteUnderLock, promotionId } from './promote-under-lock.ts';
import type { ProgressTracker } from './progress.ts';

interface Candidate {
  readonly model: string;
  readonly version: string;
  /** Undefined for a refit, which is not compared. */
  readonly testFrame: ArtifactRef | undefined;
}

/** Promotes or archives a candidate. @param approval if one is required; its step is `approval`. */
export async function promoteCandidate(
  progress: ProgressTracker,
  input: TrainingInput,
  { model, version, testFrame }: Candidate,
  approval: Approval | undefined,
): Promise<PromotionResult> {
  if (input.refitOf !== undefined) await declareRefit({ model, version, heirOf: input.refitOf });
  const asked = parseInput('promotion', PromotionInput, {
    model,
    version,
    testFrame,
    rule: input.promotionRule,
    threshold: input.promotionThreshold,
    margin: input.promotionMargin,
    traffic: input.traffic,
  });
  if (!approval) return promote(progress, asked);

  // People decide outside the lock, because they may take days. The promotion decides again under the lock.
  const { comparison, decision } = await progress.run('approval', async (step) => {
    const expected = await decide(asked);
    if (!expected.promote) return { comparison: expected, decision: undefined };
    step.detail(`version ${version} of ${model} waits for approval: ${expected.reason}`);
    return { comparison: expected, decision: await approval.of(version, input.approval) };
  });
  if (!decision) return promote(progress, asked);
  const { approve, word } = decision;
  if (approve) return promote(progress, { ...asked, note: word });
  await archiveCandidate({ model, version, reason: `${word}. ${comparison.reason}` });
  progress.skip('promotion', 'rejected');
  const nothing = { provenBy: [], servedBy: [], generation: null, trial: null };
  return { ...comparison, promote: false, reason: word, version, ...nothing };
}

function promote(progress: ProgressTracker, input: PromotionInput): Promise<PromotionResult> {
  return progress.run('promotion', () => promoteUnderLock(input), promotionId(input.model));
}
