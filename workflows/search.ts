import { CancellationScope, continueAsNew, isCancellation, log, workflowInfo } from '@temporalio/workflow';
import type { ArtifactRef } from '../contracts/artifact.ts';
import { monthsOf } from '../contracts/calendar.ts';
import { buildFrame, closeRung, planSearch, recordTrials, resolveDataset, runTrials } from './activities.ts';
import { inParallel } from '../contracts/in-parallel.ts';
import { ProgressTracker, setSearchAttribute, type StepHandle } from './progress.ts';
import { systemFacts } from './system-facts.ts';
import { SearchInput, type SearchResult } from '../contracts/workflows/search.ts';
import { parseInput } from '../contracts/parse-input.ts';
import type { SystemFacts } from '../contracts/systems.ts';
import type { SearchOutcome, SearchStep } from '../contracts/activities/search.ts';
import { storedFeatureSet, storedRuleSet } from '../contracts/stored-names.ts';
import { startedBy } from './started-by.ts';

/** Represents the progress that one run of a search passes to the next. */
type SearchSoFar = NonNullable<SearchInput['resume']>;

/** Weights the trials in the progress percent. Other steps take a second each. */
const WEIGHT_OF_TRIALS = 20;

/**
 * Searches hyper-parameters within the training months, with sampled trials and successive halving. The score of a trial is RMSE
 * on held-out weeks. The workers of the training queue share the trials. The workflow records a rung while the next one runs.
 */
export async function search(raw: SearchInput): Promise<SearchResult> {
  const input = parseInput('search', SearchInput, raw);
  const progress = new ProgressTracker(['frame', 'trials', 'record'], ['trials'], {
    trials: WEIGHT_OF_TRIALS,
  });
  setSearchAttribute('system', input.system);
  setSearchAttribute('month', `${input.train.from}..${input.train.to}`);
  const facts = await systemFacts(input.system);
  if (input.resume) progress.skip('frame', 'done by an earlier run of the search');
  const begun = input.resume ?? (await progress.run('frame', () => begin(input, facts)));

  const recorder = new Recorder();
  let soFar = begun;
  try {
    await progress.run('trials', async (step) => {
      void recorder.record(soFar.step.state, 'running');
      do {
        soFar = await runRung(input, soFar, step);
        if (!isOver(soFar)) void recorder.record(soFar.step.state, 'running');
      } while (!isOver(soFar) && !isLong(input));
    });
    if (isOver(soFar)) {
      const { runId } = await progress.run('record', () => recorder.record(soFar.step.state, 'completed'));
      return resultOf(input, soFar, runId);
    }
    await recorder.settled();
  } catch (error) {
    const outcome = isCancellation(error) ? 'cancelled' : 'failed';
    // The caller must get the error of the search, even if recording it fails.
    await recorder.record(soFar.step.state, outcome).catch((reason: unknown) => {
      log.warn('the end of the search was not recorded', { reason: String(reason) });
    });
    throw error;
  }
  return continueAsNew<typeof search>({ ...input, resume: soFar });
}

function isOver({ step }: SearchSoFar): boolean {
  return step.chunkSizes.length === 0;
}

/** Checks whether the history is long. It is called between rungs, when only recordings run. */
function isLong({ continueAfter }: SearchInput): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  return continueAsNewSuggested || historyLength > continueAfter;
}

async function begin(input: SearchInput, facts: SystemFacts | undefined): Promise<SearchSoFar> {
  const { system, rules, cache, train, featureSet, seed, hyperParameters } = input;
  const { trials, folds, rungs, reduction, parallelism } = input;
  const dataset =
    input.dataset ??
    (await resolveDataset({ system, facts, rules: storedRuleSet(rules), months: monthsOf(train) })).dataset;
  const frame = await buildFrame({ dataset, span: train, cache });
  const step = await planSearch({
    frame: frame.ref,
    config: {
      system,
      featureSet: storedFeatureSet(featureSet),
      seed,
      span: train,
      synthetic: frame.synthetic,
    },
    facts,
    hyperParameters,
    options: { trials, folds, rungs, reduction, parallelism },
    cache,
  });
  return { step, rung: 0, trained: 0, found: 0, trainerSeconds: 0, synthetic: frame.synthetic };
}

/** Runs the chunks of a rung, the most expensive first, as trainers become free. Closes the rung when all have finished. */
async function runRung(input: SearchInput, soFar: SearchSoFar, progress: StepHandle): Promise<SearchSoFar> {
  const { parallelism, rungs, reduction } = input;
  const { state, chunkSizes } = soFar.step;
  let { trained, found, trainerSeconds } = soFar;
  const before = trained + found;
  const total = before + trialsToCome(chunkSizes, rungs - soFar.rung, reduction);
  const inRung = chunkSizes.reduce((sum, size) => sum + size, 0);
  const tell = () => {
    const scored = trained + found - before;
    progress.detail(
      `rung ${soFar.rung + 1} of ${rungs}: ${scored} of ${inRung} trials trained${endedSoFar(soFar.step)}${bestSoFar(soFar.step)}`,
    );
    const ended = input.trials - inRung + (soFar.rung === rungs - 1 ? scored : 0);
    progress.reached(ended, input.trials, (trained + found) / total);
  };
  tell();
  const chunks = chunkSizes.map((_, chunk) => chunk);
  await inParallel(chunks, parallelism, async (chunk) => {
    const done = await runTrials({ state, chunk });
    trained += done.trained;
    found += done.found;
    trainerSeconds += done.seconds;
    tell();
  });
  const step = await closeRung({ state, parallelism });
  return { ...soFar, step, rung: soFar.rung + 1, trained, found, trainerSeconds };
}

/** Estimates the remaining trials for the percent, because the number of kept trials is not known yet. */
function trialsToCome(chunkSizes: readonly number[], rungs: number, reduction: number): number {
  let trials = chunkSizes.reduce((sum, size) => sum + size, 0);
  let sum = 0;
  for (let rung = 0; rung < rungs; rung++) {
    sum += trials;
    trials = Math.ceil(trials / reduction);
  }
  return sum;
}

function endedSoFar({ counts }: SearchStep): string {
  if (!counts || counts.pruned + counts.failed === 0) return '';
  return `, ${counts.pruned} pruned, ${counts.failed} failed`;
}

function bestSoFar({ best, defaultRmse }: SearchStep): string {
  if (!best) return '';
  const before = typeof defaultRmse === 'number' ? `, defaults ${defaultRmse.toFixed(1)}` : '';
  return `, best so far trial ${best.trial} with RMSE ${best.rmse.toFixed(1)}${before}`;
}

function resultOf(
  input: SearchInput,
  { step, trained, trainerSeconds, synthetic }: SearchSoFar,
  runId: string,
): SearchResult {
  return {
    best: step.best!,
    defaultRmse: step.defaultRmse ?? null,
    runId,
    trials: input.trials,
    ...(step.counts && { counts: step.counts }),
    folds: input.folds,
    backend: step.backend,
    trainerSeconds: Math.round(trainerSeconds * 1000) / 1000,
    state: step.state,
    synthetic,
    cached: trained === 0,
  };
}

/** Records states one after the other while trials run. Records a cancelled search too. */
class Recorder {
  #last: Promise<unknown> = Promise.resolve();

  /** Records a state. Errors reach the awaiting caller, or the next `settled`. */
  record(state: ArtifactRef, outcome: SearchOutcome): Promise<{ runId: string }> {
    const recording = this.#last
      // The next recording includes this state.
      .catch(() => undefined)
      .then(() =>
        CancellationScope.nonCancellable(() => recordTrials({ state, outcome, startedBy: startedBy() })),
      );
    recording.catch(() => undefined);
    this.#last = recording;
    return recording;
  }

  async settled(): Promise<void> {
    await this.#last;
  }
}
