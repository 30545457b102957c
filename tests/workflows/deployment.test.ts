/** Tests every branch of `deployment`: resolution, canary and shadow, swap, and what a failure restores. */
import { describe, expect, it } from 'vitest';
import { CitibikeError } from '../../contracts/errors.ts';
import { deployment } from '../../workflows/deployment.ts';
import { judgement } from './harness/fake-activities.ts';
import { useLab } from './harness/workflow-lab.ts';

const lab = useLab();
const fail = (message: string) => async () => {
  throw new CitibikeError('ROLLOUT_FAILED', message);
};

it('rolls the alias out to every process', async () => {
  const handle = await lab().start(deployment, {});
  expect(await handle.result()).toEqual({
    model: 'citibike-trips',
    version: '2',
    generation: 5,
    processes: ['127.0.0.1:3000'],
    trial: null,
  });
  expect(lab().inputsOf('resolveVersion')).toEqual([{ alias: 'champion' }]);
  expect(lab().inputsOf('setDesiredVersion')).toMatchObject([{ reason: 'alias champion' }]);
  expect(await lab().states(handle)).toEqual({ resolve: 'done', prove: 'done', swap: 'done' });
});

it('rolls a named version of a named model out', async () => {
  await lab().run(deployment, { model: 'm', version: '7' });
  expect(lab().inputsOf('resolveVersion')).toEqual([{ alias: 'champion', model: 'm', version: '7' }]);
  expect(lab().inputsOf('setDesiredVersion')).toMatchObject([{ reason: 'version 7 requested' }]);
});

it('fails and restores nothing where no process is alive and nothing else was desired', async () => {
  lab().replace({
    proveVersion: async () => ({ provenBy: ['worker'], desired: '2' }),
    awaitServed: fail('no prediction service process is alive'),
  });
  expect(await lab().fails(deployment, {})).toMatchObject({ type: 'ROLLOUT_FAILED' });
  expect(lab().inputsOf('restoreDesired')).toEqual([]);
});

it('restores the version that served before when the swap fails', async () => {
  lab().replace({ awaitServed: fail('a:1 is late') });
  expect(await lab().fails(deployment, {})).toMatchObject({ message: 'a:1 is late' });
  expect(lab().inputsOf('restoreDesired')).toEqual([
    {
      model: 'citibike-trips',
      failed: '2',
      restore: '1',
      reason: 'restored because version 2 could not be served: a:1 is late',
    },
  ]);
});

it('restores the version that served before when it is cancelled during the swap', async () => {
  let serve = () => {};
  lab().replace({
    awaitServed: () => new Promise((resolve) => (serve = () => resolve({ processes: [] }))),
  });
  const handle = await lab().start(deployment, {});
  await expect.poll(() => lab().inputsOf('awaitServed').length).toBe(1);
  await handle.cancel();
  expect(await lab().failureOf(handle)).toMatchObject({ type: 'CANCELLED' });
  expect(lab().inputsOf('restoreDesired')).toMatchObject([{ restore: '1' }]);
  serve();
});

describe('a canary', () => {
  it('that passes is swapped in', async () => {
    const result = await lab().run(deployment, { traffic: { mode: 'canary' } });
    expect(result).toMatchObject({ generation: 5, trial: { decision: 'passed' } });
  });

  it('that fails leaves the served version', async () => {
    lab().replace({ judgeTrial: async () => judgement('failed', 'slow') });
    expect(await lab().fails(deployment, { traffic: { mode: 'canary' } })).toEqual({
      type: 'ROLLOUT_FAILED',
      message: 'version 2 of citibike-trips failed its canary; version 1 still serves: slow',
    });
    expect(lab().order('endTrial', 'setDesiredVersion', 'restoreDesired')).toEqual(['endTrial']);
  });

  it('runs also where only the worker proved the version, because a deployment must be served', async () => {
    lab().replace({ proveVersion: async () => ({ provenBy: ['worker'], desired: '1' }) });
    await lab().run(deployment, { traffic: { mode: 'canary', minutes: 0.05 } });
    expect(lab().inputsOf('beginTrial')).toHaveLength(1);
  });

  it('is skipped where the version is served already', async () => {
    lab().replace({ proveVersion: async () => ({ provenBy: ['a:1'], desired: '2' }) });
    const handle = await lab().start(deployment, { traffic: { mode: 'canary' } });
    expect(await handle.result()).toMatchObject({ generation: 5, trial: null });
    expect(await lab().states(handle)).toMatchObject({ canary: 'skipped' });
  });
});

it('a shadow ends with its figures and swaps nothing', async () => {
  const handle = await lab().start(deployment, { traffic: { mode: 'shadow' } });
  expect(await handle.result()).toMatchObject({ generation: null, processes: [], trial: { mode: 'shadow' } });
  expect(lab().order('endTrial', 'setDesiredVersion')).toEqual(['endTrial']);
  expect(await lab().states(handle)).toMatchObject({ shadow: 'done', swap: 'skipped' });
});
