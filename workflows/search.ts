import { CancellationScope, continueAsNew, isCancellation, log, workflowInfo } from '@temporalio/workflow';
import type { ArtifactRef } from '../contracts/artifact.ts';
import { monthsOf } from '../contracts/calendar.ts';
import { buildFrame, closeRung, planSearch, recordTrials, resolveDataset, runTrials } from './activities.ts';
import { inParallel } from '../contracts/in-parallel.ts';
import { ProgressTracker, setSearchAttribute, type StepHandle } from './progress.ts';
import { SearchInput, type SearchResult } from '../contracts/workflows/search.ts';
import { parseInput } from '../contracts/parse-input.ts';
import type { SearchOutcome, SearchStep } from '../contracts/activities/search.ts';
import { storedFeatureSet, storedRuleSet } from '../contracts/stored-names.ts';

/** How far a search is; what a run that continues as new hands on. */
type SearchSoFar = NonNullable<SearchInput['resume']>;

/** Share of the trials in the percent of the whole: the other steps take a second each. */
const WEIGHT_OF_TRIALS = 20;

/**
 * Looks for hyper-parameters within the training months alone: sampled trials, successive halving in rungs, the score being RMSE on
 * weeks held out. Trials are spread over the workers of the training queue, and recorded beside the next rung.
 */
export async function search(raw: SearchInput): Promise<SearchResult> {
  const input = parseInput('search', SearchInput, raw);
  const progress = new ProgressTracker(['frame', 'trials', 'record'], ['trials'], {
    trials: WEIGHT_OF_TRIALS,
  });
  setSearchAttribute('system', input.system);
  setSearchAttribute('month', `${input.train.from}..${input.train.to}`);
  if (input.resume) progress.skip('frame', 'done before the history was cut');
  const begun = input.resume ?? (await progress.run('frame', () => begin(input)));

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
    // How the search ended is what its caller must hear, whatever becomes of the record.
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

/** Asked between rungs only, where nothing but the recording is under way. */
function isLong({ continueAfter }: SearchInput): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  return continueAsNewSuggested || historyLength > continueAfter;
}

async function begin(input: SearchInput): Promise<SearchSoFar> {
  const { system, rules, cache, train, featureSet, seed, hyperParameters } = input;
  const { trials, folds, rungs, reduction, parallelism } = input;
  const dataset =
    input.dataset ??
    (await resolveDataset({ system, rules: storedRuleSet(rules), months: monthsOf(train) })).dataset;
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
    hyperParameters,
    options: { trials, folds, rungs, reduction, parallelism },
    cache,
  });
  return { step, rung: 0, trained: 0, found: 0, trainerSeconds: 0, synthetic: frame.synthetic };
}

/** Chunks are handed out as trainers come free, the dearest first; the rung is closed when all are through. */
async function runRung(input: SearchInput, soFar: SearchSoFar, progress: StepHandle): Promise<SearchSoFar> {
  const { parallelism, rungs, reduction } = input;
  const { state, chunkSizes } = soFar.step;
  let { trained, found, trainerSeconds } = soFar;
  const total = trained + found + trialsToCome(chunkSizes, rungs - soFar.rung, reduction);
  const tell = () => {
    progress.detail(`rung ${soFar.rung + 1} of ${rungs}${bestSoFar(soFar.step)}`);
    progress.reached(trained + found, total);
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

/** A guess for the percent: who is kept beside the best is not known yet. */
function trialsToCome(chunkSizes: readonly number[], rungs: number, reduction: number): number {
  let trials = chunkSizes.reduce((sum, size) => sum + size, 0);
  let sum = 0;
  for (let rung = 0; rung < rungs; rung++) {
    sum += trials;
    trials = Math.ceil(trials / reduction);
  }
  return sum;
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
    folds: input.folds,
    backend: step.backend,
    trainerSeconds: Math.round(trainerSeconds * 1000) / 1000,
    state: step.state,
    synthetic,
    cached: trained === 0,
  };
}

/** One recording after the other, beside the trials; a cancelled search is recorded all the same. */
class Recorder {
  #last: Promise<unknown> = Promise.resolve();

  /** What goes wrong is told to who waits for it, or to the next `settled`. */
  record(state: ArtifactRef, outcome: SearchOutcome): Promise<{ runId: string }> {
    const recording = this.#last
      // The next one records what this one could not.
      .catch(() => undefined)
      .then(() => CancellationScope.nonCancellable(() => recordTrials({ state, outcome })));
    recording.catch(() => undefined);
    this.#last = recording;
    return recording;
  }

  async settled(): Promise<void> {
    await this.#last;
  }
}
