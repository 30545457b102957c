/** A decision to retrain, acted on: trained, judged, promoted and rolled out within the drift check's own tree of workflows. */
import { CancellationScope, executeChild, workflowInfo } from '@temporalio/workflow';
import { addMonths } from '../contracts/calendar.ts';
import { claimRetraining, closeRetraining } from './activities.ts';
import { ensureMonths } from './monitored-data.ts';
import type { ProgressTracker, StepHandle } from './progress.ts';
import { rootMessage } from './root-message.ts';
import { training } from './training.ts';
import { TrainingInput, type TrainingResult } from '../contracts/workflows/training.ts';
import { parseInput } from '../contracts/parse-input.ts';
import type { MonitoringInput, RetrainedVersion, Retraining } from '../contracts/workflows/monitoring.ts';

interface Champion {
  readonly model: string;
  readonly version: string;
  /** The last that was checked. */
  readonly month: string;
}

/**
 * Trains a candidate through the month before and compares it with the champion on the month itself, which neither has seen. It
 * promotes the candidate unless it is worse. It then refits a promoted candidate through the month, and that version serves.
 */
export async function retrain(
  input: MonitoringInput,
  { model, version, month }: Champion,
  progress: ProgressTracker,
): Promise<Retraining | { readonly refused: string }> {
  const key = { model, modelVersion: version, month };
  const { granted, reason } = await claimRetraining({ ...key, system: input.system });
  if (!granted) return { refused: reason ?? 'not granted' };
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
      heir: retraining.refit?.promoted ? retraining.refit.version : null,
      reason: retraining.refit && !retraining.refit.promoted ? retraining.refit.reason : retraining.reason,
    });
    return retraining;
  } catch (error) {
    // Left open, it would count as under way for ever.
    await CancellationScope.nonCancellable(() =>
      closeRetraining({
        ...key,
        outcome: 'failed',
        candidate: null,
        heir: null,
        reason: rootMessage(error).slice(0, 2000),
      }),
    );
    throw error;
  }
}

async function trainTwice(
  input: MonitoringInput,
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
  step.detail(`version ${candidate.version} is promoted; it is refitted through ${month}`);
  // The id keeps the former name, because recorded histories hold it.
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
    args: [parseInput('training', TrainingInput, input)],
  });
  return { workflowId, version, promoted: promotion.promote, reason: promotion.reason };
}
