/** Creates the activities of a backtest: score one month, and pool all months. */
import { setImmediate } from 'node:timers/promises';
import { readFrame } from '../../adapters/duckdb/frame-file.ts';
import { archivedForecasts } from '../../adapters/postgres/archived-forecasts.ts';
import { addDays, addMonths } from '../../contracts/calendar.ts';
import { backtestPage } from '../../core/evaluation/backtest-page.ts';
import { backtestHours, poolMonths, withLeads } from '../../core/evaluation/backtest-hours.ts';
import { backtestLeads, type ArchivedForecast } from '../../core/evaluation/backtest-leads.ts';
import { LAST_LEAD } from '../../core/forecast/forecast-errors.ts';
import { growthLevel } from '../../core/forecast/level.ts';
import { levelAfter, publishedMonths } from '../../core/forecast/score-at-level.ts';
import { parseModelFiles } from '../../core/serving/serving-model.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { readModelFolder } from './read-model-folder.ts';
import type { BacktestActivities, BacktestHours } from '../../contracts/activities/backtest.ts';

/** Grows with every code change that changes the output for the same model and hours. */
const SCORE_STAGE_VERSION = 2;

/** Sets the version of the layouts of hours and report. */
const SCHEMA_VERSION = 1;

export function createBacktestActivities(deps: ActivityDependencies): BacktestActivities {
  return { scoreMonth: createScoreMonth(deps), poolMonths: createPoolMonths(deps) };
}

function createScoreMonth(deps: ActivityDependencies): BacktestActivities['scoreMonth'] {
  const { artifacts, codeVersion } = deps;
  return async ({ month, model, train, test, level, forecast, cache }) => {
    const archived = forecast ? await readArchived(deps, forecast, month.month) : [];
    const key = {
      version: SCORE_STAGE_VERSION,
      month,
      model: model.sha256,
      train: train.sha256,
      test: test.sha256,
      // Keys of backtests without these options stay as they were.
      ...(level ? { level: level.published?.sha256 ?? null } : {}),
      ...(forecast ? { before: forecast.before.sha256, seed: forecast.seed, archived } : {}),
    };
    const { value, cached } = await artifacts.cached('backtest-month', key, cache, async () => {
      const serving = parseModelFiles(await readModelFolder(artifacts, model));
      const trained = await readFrame(artifacts, train);
      const rows = await readFrame(artifacts, test);
      const published = level?.published ? await readFrame(artifacts, level.published) : [];
      const levelAt = level ? levelAfter(serving, publishedMonths(serving, published)) : null;
      const plain = backtestHours(month, serving, trained, rows, levelAt);
      const hours = forecast
        ? withLeads(
            plain,
            await inSteps(
              backtestLeads(serving, trained, rows, levelAt ?? growthLevel(serving), {
                before: await readFrame(artifacts, forecast.before),
                archived,
                seed: forecast.seed,
              }),
            ),
          )
        : plain;
      const artifact = {
        name: `${month.month}.json`,
        schemaVersion: SCHEMA_VERSION,
        rows: hours.date.length,
        inputs: [
          model,
          train,
          test,
          ...(level?.published ? [level.published] : []),
          ...(forecast ? [forecast.before] : []),
        ],
        parameters: { ...month },
        synthetic: serving.spec.trainedOn.synthetic,
      };
      const producer = producerOf('backtest-month', codeVersion);
      return { hours: await artifacts.writeJson(producer, hours, artifact, 'compact') };
    });
    return { ...month, ...value, cached };
  };
}

type ForecastOption = NonNullable<Parameters<BacktestActivities['scoreMonth']>[0]['forecast']>;

/** Reads the forecasts that were kept of the days of a month and of the day before it. */
async function readArchived(
  { database, artifacts }: ActivityDependencies,
  { system, before }: ForecastOption,
  month: string,
): Promise<ArchivedForecast[]> {
  const { synthetic } = await artifacts.manifestOf(before.uri);
  // Kept forecasts are of the real weather of the place.
  if (synthetic) return [];
  const span = { from: addDays(`${month}-01`, -1), to: addDays(`${addMonths(month, 1)}-01`, -1) };
  return archivedForecasts(database, system, span, LAST_LEAD);
}

/** Runs a computation to its end. The worker heartbeats between its steps. */
async function inSteps<T>(steps: Generator<void, T>): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await setImmediate();
  }
}

function createPoolMonths({
  artifacts,
  codeVersion,
}: ActivityDependencies): BacktestActivities['poolMonths'] {
  return async ({ system, lateMonths, hours, synthetic, variant = {} }) => {
    const months = await Promise.all(hours.map((ref) => artifacts.readJson<BacktestHours>(ref)));
    const pooled = poolMonths(months, lateMonths, variant);
    const common = {
      schemaVersion: SCHEMA_VERSION,
      inputs: hours,
      parameters: { system, lateMonths, ...variant },
      facts: { ...pooled.metrics },
      synthetic,
    };
    const producer = producerOf('backtest', codeVersion);
    const report = { schemaVersion: SCHEMA_VERSION, system, synthetic, ...pooled, hours: months };
    const json = { ...common, name: 'backtest.json' };
    const content = new TextEncoder().encode(backtestPage({ ...pooled, system, synthetic }, months));
    const page = { ...common, name: 'backtest.html', content, contentType: 'text/html; charset=utf-8' };
    return {
      system,
      ...pooled,
      report: await artifacts.writeJson(producer, report, json, 'compact'),
      page: await artifacts.write(producer, page),
    };
  };
}
