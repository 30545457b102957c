import { ParentClosePolicy, executeChild, sleep, workflowInfo } from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { TrainingInput, parseInput } from '../contracts/inputs.ts';
import { monthsOf } from '../contracts/months.ts';
import type { PromotionResult, TrainingResult } from '../contracts/results.ts';
import type { TrainingConfig } from '../contracts/stages.ts';
import { buildFrame, evaluateModel, registerCandidate, resolveDataset, trainModel } from './activities.ts';
import { ProgressTracker, setSearchAttribute } from './progress.ts';
import { promotion } from './promotion.ts';

/** Frame, training, evaluation out of time, registration as candidate, promotion or archive. */
export async function training(raw: TrainingInput): Promise<TrainingResult> {
  const input = parseInput('training', TrainingInput, raw);
  const progress = new ProgressTracker(['frame', 'train', 'evaluate', 'register', 'promotion'], ['train']);
  const { system, rules, cache } = input;
  setSearchAttribute('system', system);
  setSearchAttribute('month', `${input.train.from}..${input.train.to}`);

  const frames = await progress.run('frame', async () => {
    const months = [...new Set([...monthsOf(input.train), ...monthsOf(input.test)])];
    const dataset = input.dataset ?? (await resolveDataset({ system, rules, months })).dataset;
    const [train, test] = await Promise.all([
      buildFrame({ dataset, span: input.train, cache }),
      buildFrame({ dataset, span: input.test, cache }),
    ]);
    return { train, test, cached: train.cached && test.cached };
  });
  const synthetic = frames.train.synthetic;
  const config: TrainingConfig = {
    system,
    featureSet: input.featureSet,
    seed: input.seed,
    span: input.train,
    synthetic,
  };

  const trained = await progress.run('train', () => trainModel({ frame: frames.train.ref, config, cache }));
  const evaluation = await progress.run('evaluate', () =>
    evaluateModel({ model: trained.model, train: frames.train.ref, test: frames.test.ref, cache }),
  );
  const registered = await progress.run('register', () =>
    registerCandidate({
      folder: trained.model,
      evaluation,
      config,
      test: input.test,
      trainFrame: frames.train.ref,
      testFrame: frames.test.ref,
      backend: trained.backend,
      ...(input.model ? { model: input.model } : {}),
    }),
  );
  setSearchAttribute('modelVersion', registered.version);
  const promoted = await progress.run(
    'promotion',
    () =>
      promoteUnderLock({
        model: registered.model,
        version: registered.version,
        testFrame: frames.test.ref,
        threshold: input.promotionThreshold,
      }),
    `promotion-${registered.model}`,
  );
  return {
    model: registered.model,
    version: registered.version,
    runId: registered.runId,
    backend: trained.backend,
    seconds: trained.seconds,
    metrics: evaluation.metrics,
    naive: evaluation.naive,
    promotion: promoted,
    synthetic,
    filledDays: frames.train.filledDays,
    cached: trained.cached && registered.cached,
  };
}

/** The fixed workflow id is the lock: one promotion of a model at a time; who meets another waits and tries again. */
async function promoteUnderLock(input: Parameters<typeof promotion>[0]): Promise<PromotionResult> {
  for (;;) {
    try {
      return await executeChild(promotion, {
        workflowId: `promotion-${input.model}`,
        args: [input],
        // A promotion half-way is worse than one too many: it goes on when whoever asked for it is terminated.
        parentClosePolicy: ParentClosePolicy.ABANDON,
        memo: { startedBy: workflowInfo().workflowId },
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await sleep('2s');
    }
  }
}
