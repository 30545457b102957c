import type { ArtifactRef } from '../contracts/artifact.ts';
import { addMonths, monthsOf } from '../contracts/calendar.ts';
import { buildFrame, poolMonths, resolveDataset, scoreMonth, trainModel } from './activities.ts';
import { inParallel } from '../contracts/in-parallel.ts';
import { ProgressTracker, setSearchAttribute } from './progress.ts';
import { systemFacts } from './system-facts.ts';
import {
  backtestMonths,
  monthsOfLevel,
  type BacktestMonth,
  type BacktestResult,
  type BacktestVariant,
  BacktestInput,
} from '../contracts/workflows/backtest.ts';
import type { ScoredMonth } from '../contracts/activities/backtest.ts';
import type { MonthSpan } from '../contracts/months.ts';
import { parseInput } from '../contracts/parse-input.ts';
import type { SystemFacts } from '../contracts/systems.ts';
import type { TrainingConfig } from '../contracts/activities/train.ts';
import { storedFeatureSet, storedRuleSet } from '../contracts/stored-names.ts';

/** Weights the months in the progress percent. Other steps take a second each. */
const WEIGHT_OF_MONTHS = 20;

type TrainOnce = (asked: Parameters<typeof trainModel>[0]) => ReturnType<typeof trainModel>;

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
    const asked = months.flatMap((month) => monthsToRead(input, month));
    if (input.dataset) return { dataset: input.dataset, cached: false };
    return resolveDataset({ system, facts, rules: storedRuleSet(rules), months: [...new Set(asked)].sort() });
  });
  // Months of the same training span share one model.
  const models = new Map<string, ReturnType<TrainOnce>>();
  const trainOnce: TrainOnce = (asked) => {
    const span = `${asked.config.span.from} ${asked.config.span.to}`;
    const training = models.get(span) ?? trainModel(asked);
    models.set(span, training);
    return training;
  };
  const scored = await progress.run('months', async (step) => {
    step.expect(months.length);
    return inParallel(months, months.length, async (month) => {
      const answer = await predictMonth(input, facts, dataset, month, trainOnce);
      step.itemDone();
      return answer;
    });
  });
  const synthetic = scored.some((month) => month.synthetic);
  const hours = scored.map((month) => month.hours);
  const pooled = await progress.run('pool', () =>
    poolMonths({ system, lateMonths, hours, synthetic, ...variantOf(input) }),
  );
  return { ...pooled, synthetic, cached: scored.every(({ cached }) => cached) };
}

/** Lists the months that a predicted month needs. */
function monthsToRead(input: BacktestInput, month: BacktestMonth): string[] {
  const published = input.level === 'on' ? monthsOfLevel(month, input) : null;
  return [
    month.month,
    ...monthsOf(month.trainedOn),
    ...(published ? monthsOf(published) : []),
    ...(input.weather === 'forecast' ? [addMonths(month.month, -1)] : []),
  ];
}

/** Returns nothing for an input with defaults, so that its results stay the same. */
function variantOf({ refit, level }: BacktestInput): { variant?: BacktestVariant } {
  const variant: BacktestVariant = {
    ...(refit === 'never' ? { refit } : {}),
    ...(level === 'on' ? { level } : {}),
  };
  return Object.keys(variant).length > 0 ? { variant } : {};
}

async function predictMonth(
  input: BacktestInput,
  facts: SystemFacts | undefined,
  dataset: ArtifactRef,
  month: BacktestMonth,
  train: TrainOnce,
): Promise<ScoredMonth & { synthetic: boolean }> {
  const { system, featureSet, hyperParameters, seed, cache } = input;
  const frameOf = (span: MonthSpan) => buildFrame({ dataset, span, cache });
  const monthBefore = addMonths(month.month, -1);
  const published = input.level === 'on' ? monthsOfLevel(month, input) : null;
  const [trainFrame, test, ofLevel, before] = await Promise.all([
    frameOf(month.trainedOn),
    frameOf({ from: month.month, to: month.month }),
    published ? frameOf(published) : null,
    input.weather === 'forecast' ? frameOf({ from: monthBefore, to: monthBefore }) : null,
  ]);
  const { synthetic } = trainFrame;
  const span = month.trainedOn;
  const config: TrainingConfig = {
    system,
    featureSet: storedFeatureSet(featureSet),
    hyperParameters,
    seed,
    span,
    synthetic,
  };
  const trained = await train({ frame: trainFrame.ref, config, facts, cache });
  const scored = await scoreMonth({
    month,
    model: trained.model,
    train: trainFrame.ref,
    test: test.ref,
    ...(input.level === 'on' ? { level: { published: ofLevel?.ref ?? null } } : {}),
    ...(before ? { forecast: { system, before: before.ref, seed } } : {}),
    cache,
  });
  return { ...scored, cached: trained.cached, synthetic };
}
