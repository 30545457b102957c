/** Creates the activities of a backtest: score one month, and pool all months. */
import { readFrame } from '../../adapters/duckdb/frame-file.ts';
import { backtestPage } from '../../core/evaluation/backtest-page.ts';
import { backtestHours, poolMonths } from '../../core/evaluation/backtest-hours.ts';
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

function createScoreMonth({
  artifacts,
  codeVersion,
}: ActivityDependencies): BacktestActivities['scoreMonth'] {
  return async ({ month, model, train, test, cache }) => {
    const key = {
      version: SCORE_STAGE_VERSION,
      month,
      model: model.sha256,
      train: train.sha256,
      test: test.sha256,
    };
    const { value, cached } = await artifacts.cached('backtest-month', key, cache, async () => {
      const serving = parseModelFiles(await readModelFolder(artifacts, model));
      const hours = backtestHours(
        month,
        serving,
        await readFrame(artifacts, train),
        await readFrame(artifacts, test),
      );
      const artifact = {
        name: `${month.month}.json`,
        schemaVersion: SCHEMA_VERSION,
        rows: hours.date.length,
        inputs: [model, train, test],
        parameters: { ...month },
        synthetic: serving.spec.trainedOn.synthetic,
      };
      const producer = producerOf('backtest-month', codeVersion);
      return { hours: await artifacts.writeJson(producer, hours, artifact, 'compact') };
    });
    return { ...month, ...value, cached };
  };
}

function createPoolMonths({
  artifacts,
  codeVersion,
}: ActivityDependencies): BacktestActivities['poolMonths'] {
  return async ({ system, lateMonths, hours, synthetic }) => {
    const months = await Promise.all(hours.map((ref) => artifacts.readJson<BacktestHours>(ref)));
    const pooled = poolMonths(months, lateMonths);
    const common = {
      schemaVersion: SCHEMA_VERSION,
      inputs: hours,
      parameters: { system, lateMonths },
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
