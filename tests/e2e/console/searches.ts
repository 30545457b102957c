/** Tests how the console leads on from a search: its trials, their counts, and a training with the result. */
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { MlflowClient } from '../../../adapters/mlflow/mlflow-client.ts';
import { ObjectStore } from '../../../adapters/s3/object-store.ts';
import { HyperParameters } from '../../../contracts/hyper-parameters.ts';
import type { World } from './world.ts';
import { WIDE, loaded, open } from './visit.ts';

const HIDDEN = [16, 48, 96];

/** Records a search of three trials, as the activity `recordTrials` does. Returns its MLflow run. */
async function recordSearch({ settings, runId }: World): Promise<string> {
  const objects = new ObjectStore(settings.s3);
  const { experiments, runs } = new MlflowClient(settings.mlflow);
  const folder = `s3://${objects.buckets.artifacts}/${runId}-search`;
  const defaults = Value.Parse(HyperParameters, Value.Default(HyperParameters, {}));
  const span = { from: '2024-01', to: '2024-12' };
  const config = { system: 'nyc', featureSet: 'demand', seed: 3, span, synthetic: true };
  const score = (trial: number, rmse: number) => ({ trial, rmse, seconds: 1 });
  await objects.putJson(`${folder}/plan.json`, {
    ...{ config, rungs: 2 },
    trials: HIDDEN.map((hidden) => ({ ...defaults, hidden })),
  });
  await objects.putJson(`${folder}/state.json`, {
    closed: [
      { ranking: [score(2, 7), score(0, 8), score(1, 9)], kept: [2, 0] },
      { ranking: [score(2, 6), score(0, 8)], kept: [] },
    ],
  });
  objects.close();
  const experimentId = await experiments.ensure(settings.mlflow.experiment);
  const startedAt = Date.now();
  const search = await runs.create({
    ...{ experimentId, startedAt, name: `search ${runId}` },
    tags: {
      'citibike.kind': 'search',
      'citibike.search_plan': `${folder}/plan.json`,
      'citibike.search_state': `${folder}/state.json`,
    },
  });
  await runs.logBatch(search.runId, { params: [{ key: 'trials', value: '3' }] });
  for (const [trial, hidden] of HIDDEN.entries()) {
    const tags = {
      'mlflow.parentRunId': search.runId,
      'citibike.kind': 'trial',
      'citibike.trial': String(trial),
      'citibike.trial_state': trial === 1 ? 'pruned at rung 1' : 'completed',
    };
    const run = await runs.create({ experimentId, startedAt, name: `trial ${trial}`, tags });
    await runs.logBatch(run.runId, {
      params: [{ key: 'hidden', value: String(hidden) }],
      metrics: [{ key: 'rmse', value: [8, 9, 6][trial]!, timestamp: startedAt, step: 1 }],
    });
    await runs.finish(run.runId, 'FINISHED', startedAt + 1);
  }
  await runs.finish(search.runId, 'FINISHED', startedAt + 1);
  return search.runId;
}

export function searchTests(world: World): void {
  test('a search lists its trials below it, and a training takes over its result', async () => {
    const searchId = await recordSearch(world);
    const context = await world.browser.newContext({ viewport: WIDE });
    const page = await open(context, `${world.console}/experiments`);
    const table = page.getByRole('region', { name: 'Runs of the experiment' });
    expect(await table.getByRole('link', { name: 'trial 1', exact: true }).count()).toBe(0);
    await table.getByRole('button', { name: `3 trials of search ${world.runId}` }).click();
    await table.getByText('pruned at rung 1').waitFor();
    await table.getByText('RMSE 6 on hidden weeks').waitFor();

    await table.getByRole('link', { name: `search ${world.runId}` }).click();
    await page.getByText('3 asked: 2 completed, 1 pruned').waitFor();
    const trials = page.getByRole('region', { name: 'Trials, best first' });
    expect(await trials.getByRole('link', { name: 'Train with these' }).count()).toBe(3);
    await page.screenshot({ path: `${world.screenshots}/search-light.png`, fullPage: true });

    const filled = async (address: string) => {
      await page.goto(`${world.console}${address}`);
      await loaded(page);
      const json = page.getByRole('region', { name: 'Input as JSON' }).locator('pre');
      return JSON.parse(await json.innerText()) as Record<string, unknown>;
    };
    expect(await filled(`/new-run?type=training&search=${searchId}`)).toMatchObject({
      system: 'nyc',
      train: { from: '2024-01', to: '2024-12' },
      test: { from: '2025-01', to: '2025-03' },
      featureSet: 'demand',
      hyperParameters: { hidden: 96 },
    });
    await page.getByText('Filled in from trial 2 of this search, which has RMSE 6').waitFor();
    const first = trials.getByRole('link', { name: 'Train with these' });
    await page.goto(`${world.console}/experiments/${searchId}`);
    await first.last().click();
    await page.getByText('Filled in from trial 1 of this search').waitFor();
    await context.close();
  });
}
