import {
  CancellationScope,
  executeChild,
  isCancellation,
  log,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import type { ArtifactRef } from '../contracts/artifact.ts';
import { monthsOf } from '../contracts/calendar.ts';
import {
  buildFrame,
  endTrainingRuns,
  evaluateModel,
  registerCandidate,
  resolveDataset,
  trainModel,
} from './activities.ts';
import { Approval } from './approval.ts';
import { ProgressTracker, setSearchAttribute } from './progress.ts';
import { promoteCandidate } from './promote-candidate.ts';
import { search } from './search.ts';
import { systemFacts } from './system-facts.ts';
import { upgradeIf } from './versioning-of-run.ts';
import { SearchInput, type SearchResult } from '../contracts/workflows/search.ts';
import { TrainingInput, type TrainingResult } from '../contracts/workflows/training.ts';
import { parseInput } from '../contracts/parse-input.ts';
import type { TrainingConfig } from '../contracts/activities/train.ts';
import { storedFeatureSet, storedRuleSet } from '../contracts/stored-names.ts';
import { startedBy } from './started-by.ts';
import { startedByMemo } from '../contracts/started-by.ts';

/**
 * Builds the frame, searches hyper-parameters if requested, trains, evaluates out of time, registers the candidate, and promotes
 * or archives it.
 */
export async function training(raw: TrainingInput): Promise<TrainingResult> {
  const input = parseInput('training', TrainingInput, raw);
  await upgradeIf(input.approval.required, raw);
  const approval = input.approval.required ? new Approval() : undefined;
  const progress = new ProgressTracker(
    [
      'frame',
      ...(input.search ? ['search'] : []),
      'train',
      'evaluate',
      'register',
      ...(approval ? ['approval'] : []),
      'promotion',
    ],
    ['train', 'search'],
  );
  const { system, rules, cache } = input;
  setSearchAttribute('system', system);
  setSearchAttribute('month', `${input.train.from}..${input.train.to}`);
  const facts = await systemFacts(system);

  const frames = await progress.run('frame', async () => {
    const months = [...new Set([...monthsOf(input.train), ...(input.test ? monthsOf(input.test) : [])])];
    const dataset =
      input.dataset ?? (await resolveDataset({ system, facts, rules: storedRuleSet(rules), months })).dataset;
    const [train, test] = await Promise.all([
      buildFrame({ dataset, span: input.train, cache }),
      ...(input.test ? [buildFrame({ dataset, span: input.test, cache })] : []),
    ]);
    return { dataset, train, test: test?.ref, cached: train.cached && (test?.cached ?? true) };
  });
  const synthetic = frames.train.synthetic;
  const tested = frames.test ? { test: frames.test } : {};
  const searched = input.search && (await searchFirst(input, frames.dataset, progress));
  const config: TrainingConfig = {
    system,
    featureSet: storedFeatureSet(input.featureSet),
    hyperParameters: searched?.best.hyperParameters ?? input.hyperParameters,
    seed: input.seed,
    span: input.train,
    synthetic,
  };

  const { trained, evaluation, registered } = await recorded(async () => {
    const trained = await progress.run('train', () =>
      trainModel({ frame: frames.train.ref, config, facts, cache, startedBy: startedBy() }),
    );
    const evaluation = await progress.run('evaluate', () =>
      evaluateModel({ model: trained.model, train: frames.train.ref, ...tested, cache }),
    );
    const registered = await progress.run('register', () =>
      registerCandidate({
        folder: trained.model,
        evaluation,
        config,
        facts,
        trainFrame: frames.train.ref,
        ...(input.test && frames.test ? { test: input.test, testFrame: frames.test } : {}),
        backend: trained.backend,
        model: input.model,
        search: searched,
        startedBy: startedBy(),
      }),
    );
    return { trained, evaluation, registered };
  });
  setSearchAttribute('modelVersion', registered.version);
  const promoted = await promoteCandidate(
    progress,
    input,
    { model: registered.model, version: registered.version, testFrame: frames.test },
    approval,
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
    search: searched,
    synthetic,
    filledDays: frames.train.filledDays,
    cached: trained.cached && registered.cached,
  };
}

/** Searches in a child workflow, which people can inspect, cancel and find separately. */
function searchFirst(
  { system, rules, cache, train, featureSet, hyperParameters, seed, search: options }: TrainingInput,
  dataset: ArtifactRef,
  progress: ProgressTracker,
): Promise<SearchResult> {
  const workflowId = `${workflowInfo().workflowId}-search`;
  const asked = { system, rules, cache, train, dataset, featureSet, hyperParameters, seed, ...options };
  return progress.run(
    'search',
    () =>
      executeChild(search, {
        workflowId,
        ...startedByMemo(startedBy()),
        args: [parseInput('search', SearchInput, asked)],
      }),
    workflowId,
  );
}

/** Runs steps that MLflow records. If they fail, ends the run that a killed worker left open. */
async function recorded<T>(steps: () => Promise<T>): Promise<T> {
  try {
    return await steps();
  } catch (error) {
    if (patched('training-ends-its-run')) {
      const outcome = isCancellation(error) ? 'cancelled' : 'failed';
      await CancellationScope.nonCancellable(() => endTrainingRuns({ outcome })).catch((reason: unknown) => {
        // The caller must get the error of the training.
        log.warn('the MLflow run of the training was not ended', { reason: String(reason) });
      });
    }
    throw error;
  }
}
