/** Tests every branch of `lifecycle`, and that it rolls a version out only once. */
import { expect, it } from 'vitest';
import { CitibikeError } from '../../contracts/errors.ts';
import { startedByMemo } from '../../contracts/started-by.ts';
import { lifecycle } from '../../workflows/lifecycle.ts';
import { COMPARISON } from './harness/fake-activities.ts';
import { newModel, useLab, untilCancelled } from './harness/workflow-lab.ts';

const lab = useLab();
const asked = (more: object = {}) => ({
  model: newModel(),
  train: { from: '2024-01', to: '2024-12' },
  test: { from: '2025-01', to: '2025-03' },
  ...more,
});

it('does not roll out again what its promotion has rolled out', async () => {
  const input = asked();
  const handle = await lab().start(lifecycle, input, startedByMemo('ann'));
  const result = await handle.result();
  expect(lab().inputsOf('trainModel')[0]).toMatchObject({ startedBy: 'ann' });
  expect(lab().inputsOf('registerCandidate')[0]).toMatchObject({ startedBy: 'ann' });
  expect(result.deployment).toEqual({
    model: input.model,
    version: '2',
    generation: 5,
    processes: ['127.0.0.1:3000'],
    trial: null,
  });
  expect(await lab().childrenOf(handle)).toEqual(['ingest', 'training', 'monitoring']);
  expect(lab().inputsOf('proveVersion')).toHaveLength(1);
  expect(await lab().states(handle)).toEqual({
    ingest: 'done',
    training: 'done',
    deployment: 'done',
    monitoring: 'done',
  });
  expect(lab().inputsOf('checkDrift')).toHaveLength(1);
});

it('deploys the champion where the new version was not promoted', async () => {
  lab().replace({ compareWithChampion: async () => ({ ...COMPARISON, promote: false }) });
  const handle = await lab().start(lifecycle, asked());
  expect((await handle.result()).deployment).toMatchObject({ generation: 5 });
  expect(await lab().childrenOf(handle)).toEqual(['ingest', 'training', 'deployment', 'monitoring']);
});

it('deploys where no process was alive at the promotion', async () => {
  let proofs = 0;
  lab().replace({
    proveVersion: async () => ({ provenBy: [proofs++ === 0 ? 'worker' : 'a:1'], desired: null }),
  });
  const handle = await lab().start(lifecycle, asked());
  await handle.result();
  expect(await lab().childrenOf(handle)).toContain('deployment');
});

it.each([
  ['skips', 'jc', 'skipped'],
  ['does not skip', 'nyc', 'done'],
])('%s the deployment of a model of %s that no service serves', async (_what, system, state) => {
  let proofs = 0;
  lab().replace({
    proveVersion: async () => ({ provenBy: [proofs++ === 0 ? 'worker' : 'a:1'], desired: null }),
    isServed: async () => ({ served: false }),
  });
  const handle = await lab().start(lifecycle, asked({ system }));
  await handle.result();
  expect((await lab().states(handle))['deployment']).toBe(state);
});

it('passes on its sources, search and reference', async () => {
  const reference = { from: '2023-01', to: '2023-03' };
  const source = { trips: 'https://trips' };
  const input = { ...asked({ reference, source, search: { trials: 2 } }), model: undefined };
  const result = await lab().run(lifecycle, input);
  expect(result.training.search).toBeDefined();
  expect(lab().inputsOf('listSource')[0]).toMatchObject({ source: 'https://trips' });
  expect(lab().inputsOf('registerCandidate')[0]).not.toHaveProperty('model');
  expect(lab().inputsOf('buildFrame')).toContainEqual(expect.objectContaining({ span: reference }));
});

it('reports its progress by its children', async () => {
  lab().replace({ trainModel: untilCancelled });
  const handle = await lab().start(lifecycle, asked());
  const stage = async () => (await handle.query<{ stage: string }>('progress')).stage;
  await expect.poll(stage).toBe('training.train');
  await handle.signal('childStage', 'not a stage');
  await handle.signal('childStage', { workflowId: 1 });
  expect(await stage()).toBe('training.train');
  await handle.cancel();
  expect(await lab().failureOf(handle)).toMatchObject({ type: 'CANCELLED' });
});

it('fails as its stage does', async () => {
  lab().replace({
    listSource: async () => {
      throw new CitibikeError('MISSING_MONTHS', 'no 2025-03');
    },
  });
  expect(await lab().fails(lifecycle, asked())).toEqual({ type: 'MISSING_MONTHS', message: 'no 2025-03' });
});
