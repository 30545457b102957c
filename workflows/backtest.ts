import type { ArtifactRef } from '../contracts/artifact.ts';
import { monthsOf } from '../contracts/calendar.ts';
import { buildFrame, poolMonths, resolveDataset, scoreMonth, trainModel } from './activities.ts';
import { inParallel } from '../contracts/in-parallel.ts';
import { ProgressTracker, setSearchAttribute } from './progress.ts';
import { systemFacts } from './system-facts.ts';
import {
  backtestMonths,
  type BacktestMonth,
  type BacktestResult,
  BacktestInput,
} from '../contracts/workflows/backtest.ts';
import type { ScoredMonth } from '../contracts/activities/backtest.ts';
import { parseInput } from '../contracts/parse-input.ts';
import type { SystemFacts } from '../contracts/systems.ts';
import type { TrainingConfig } from '../contracts/activities/train.ts';
import { storedFeatureSet, storedRuleSet } from '../contracts/stored-names.ts';

/** Weights the months in the progress percent. Other steps take a second each. */
const WEIGHT_OF_MONTHS = 20;

/**
 * Predicts past months, each with a model that could have been trained before it, and registers nothing. All months start at
 * once, and the training queue limits how many run.
 */
export async function backtest(raw: BacktestInput): Promise<BacktestResult> {
  const input = parseInput('backtest', BacktestInput, raw);
  const months = backtestMonths(input);
  const progress = new ProgressTracker(['dataset', 'months', 'pool'], ['months'], {
    months: WEIGHT_OF_MONTHS,
  });
  const { system, rules, lateMonths } = input;
  setSearchAttribute('system', system);
  setSearchAttribute('month', `${input.from}..${input.to}`);
  const facts = await systemFacts(system);

  const { dataset } = await progress.run('dataset', async () => {
    const asked = months.flatMap(({ month, trainedOn }) => [month, ...monthsOf(trainedOn)]);
    if (input.dataset) return { dataset: input.dataset, cached: false };
    return resolveDataset({ system, facts, rules: storedRuleSet(rules), months: [...new Set(asked)].sort() });
  });
  const scored = await progress.run('months', async (step) => {
    step.expect(months.length);
    return inParallel(months, months.length, async (month) => {
      const answer = await predictMonth(input, facts, dataset, month);
      step.itemDone();
      return answer;
    });
  });
  const synthetic = scored.some((month) => month.synthetic);
  const hours = scored.map((month) => month.hours);
  const pooled = await progress.run('pool', () => poolMonths({ system, lateMonths, hours, synthetic }));
  return { ...pooled, synthetic, cached: scored.every(({ cached }) => cached) };
}

async function predictMonth(
  { system, featureSet, hyperParameters, seed, cache }: BacktestInput,
  facts: SystemFacts | undefined,
  dataset: ArtifactRef,
  month: BacktestMonth,
): Promise<ScoredMonth & { synthetic: boolean }> {
  const [train, test] = await Promise.all([
    buildFrame({ dataset, span: month.trainedOn, cache }),
    buildFrame({ dataset, span: { from: month.month, to: month.month }, cache }),
  ]);
  const { synthetic } = train;
  const span = month.trainedOn;
  const config: TrainingConfig = {
    system,
    featureSet: storedFeatureSet(featureSet),
    hyperParameters,
    seed,
    span,
    synthetic,
  };
  const trained = await trainModel({ frame: train.ref, config, facts, cache });
  const scored = await scoreMonth({ month, model: trained.model, train: train.ref, test: test.ref, cache });
  return { ...scored, cached: trained.cached, synthetic };
}
