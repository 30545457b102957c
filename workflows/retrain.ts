/** Carries out a decision to retrain, in child workflows of the drift check. */
import { CancellationScope, executeChild, workflowInfo } from '@temporalio/workflow';
import { addMonths } from '../contracts/calendar.ts';
import { claimRetraining, closeRetraining } from './activities.ts';
import { ensureMonths, type Monitored } from './monitored-data.ts';
import type { ProgressTracker, StepHandle } from './progress.ts';
import { rootMessage } from './root-message.ts';
import { training } from './training.ts';
import { TrainingInput, type TrainingResult } from '../contracts/workflows/training.ts';
import { parseInput } from '../contracts/parse-input.ts';
import type { RetrainedVersion, Retraining } from '../contracts/workflows/monitoring.ts';
import { startedBy } from './started-by.ts';
import { startedByMemo } from '../contracts/started-by.ts';

interface Champion {
  readonly model: string;
  readonly version: string;
  /** Last checked month. */
  readonly month: string;
}

/**
 * Trains a candidate through the month before and compares it with the champion on the month itself, which neither has seen.
 * Promotes the candidate if it is non-inferior. Then refits a promoted candidate through the month, and the refit serves.
 */
export async function retrain(
  input: Monitored,
  { model, version, month }: Champion,
  progress: ProgressTracker,
): Promise<Retraining | { readonly skipped: string }> {
  const key = { model, modelVersion: version, month };
  const { granted, reason } = await claimRetraining({ ...key, system: input.system });
  if (!granted) return { skipped: reason ?? 'not granted' };
  const workflowId = `${workflowInfo().workflowId}-training`;
  try {
    const retraining = await progress.run(
      'retrain',
      (step) => trainTwice(input, { model, version, month }, workflowId, step),
      workflowId,
    );
    await closeRetraining({
      ...key,
      outcome: retraining.promoted ? 'promoted' : 'rejected',
      candidate: retraining.version,
      refit: retraining.refit?.promoted ? retraining.refit.version : null,
      reason: retraining.refit && !retraining.refit.promoted ? retraining.refit.reason : retraining.reason,
    });
    return retraining;
  } catch (error) {
    // An open retraining would count as running forever.
    await CancellationScope.nonCancellable(() =>
      closeRetraining({
        ...key,
        outcome: 'failed',
        candidate: null,
        refit: null,
        reason: rootMessage(error).slice(0, 2000),
      }),
    );
    throw error;
  }
}

async function trainTwice(
  input: Monitored,
  { model, month }: Champion,
  workflowId: string,
  step: StepHandle,
): Promise<Retraining> {
  const { system, rules, cache } = input;
  const { months, promotionMargin, approval, ...configuration } = input.retraining;
  const first = addMonths(month, -months);
  const dataset = await ensureMonths(input, [{ from: first, to: month }]);
  const shared = { system, rules, cache, dataset, model, ...configuration };

  const candidate = await train(workflowId, {
    ...shared,
    train: { from: first, to: addMonths(month, -1) },
    test: { from: month, to: month },
    promotionRule: 'non-inferiority',
    promotionMargin,
    approval,
  });
  if (!candidate.promoted) return { ...candidate, refit: null, heir: null };
  step.detail(`version ${candidate.version} is promoted; training its refit through ${month}`);
  // The id keeps the former name, because recorded histories contain it.
  const refit = await train(`${workflowId}-heir`, {
    ...shared,
    train: { from: addMonths(first, 1), to: month },
    promotionRule: 'refit',
    refitOf: candidate.version,
  });
  return { ...candidate, refit, heir: refit };
}

async function train(workflowId: string, input: object): Promise<RetrainedVersion> {
  const { version, promotion }: TrainingResult = await executeChild(training, {
    workflowId,
    ...startedByMemo(startedBy()),
    args: [parseInput('training', TrainingInput, input)],
  });
  return { workflowId, version, promoted: promotion.promote, reason: promotion.reason };
}
