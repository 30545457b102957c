/** Tests every branch of `search`: rungs, a truncated history, cancellation, and records that fail. */
import { expect, it } from 'vitest';
import { CitibikeError } from '../../contracts/errors.ts';
import { search } from '../../workflows/search.ts';
import { refOf, searchStep } from './harness/fake-activities.ts';
import { useLab, untilCancelled } from './harness/workflow-lab.ts';

const lab = useLab();
const asked = { train: { from: '2024-01', to: '2024-12' }, trials: 4, rungs: 2 };

/** Plans rungs of these numbers of chunks, after the first. */
function rungs(...chunkCounts: number[]): void {
  const left = [...chunkCounts];
  lab().replace({ closeRung: async () => searchStep(Array<number>(left.shift() ?? 0).fill(1)) });
}

it('runs every chunk of every rung, and records the search', async () => {
  rungs(1);
  const handle = await lab().start(search, asked);
  expect(await handle.result()).toMatchObject({
    best: { trial: 3, rmse: 10 },
    defaultRmse: 12,
    runId: 'search-run',
    trainerSeconds: 3,
    cached: false,
  });
  // The chunks of a rung run side by side.
  const chunks = lab()
    .inputsOf('runTrials')
    .map(({ chunk }) => chunk);
  expect(chunks.slice(0, 2).toSorted()).toEqual([0, 1]);
  expect(chunks.slice(2)).toEqual([0]);
  expect(lab().inputsOf('recordTrials').at(-1)!.outcome).toBe('completed');
  expect(await lab().states(handle)).toEqual({ frame: 'done', trials: 'done', record: 'done' });
});

it('is cached where every trial is cached, also without a score of the defaults', async () => {
  lab().replace({
    runTrials: async () => ({ trained: 0, found: 2, seconds: 0, cached: true }),
    closeRung: async () => ({ ...searchStep([]), defaultRmse: null }),
  });
  const result = await lab().run(search, { ...asked, dataset: refOf('given.json') });
  expect(result).toMatchObject({ cached: true, defaultRmse: null, trainerSeconds: 0 });
  expect(lab().inputsOf('resolveDataset')).toEqual([]);
});

it('continues when the first rung has no best trial', async () => {
  lab().replace({
    planSearch: async () => ({ state: refOf('plan'), backend: 'cpu', chunkSizes: [2] }),
  });
  expect(await lab().run(search, asked)).toMatchObject({ best: { trial: 3 } });
});

it('continues as a new run when its history is long', async () => {
  rungs(1);
  const handle = await lab().start(search, { ...asked, continueAfter: 1 });
  expect(await handle.result()).toMatchObject({ runId: 'search-run', trainerSeconds: 3 });
  expect(lab().inputsOf('planSearch')).toHaveLength(1);
  expect(await lab().states(handle)).toMatchObject({ frame: 'skipped', record: 'done' });
});

it('that fails is recorded as failed, with the error of its trials', async () => {
  lab().replace({
    closeRung: async () => {
      throw new CitibikeError('TRAINING_FAILED', 'every trial failed');
    },
  });
  expect(await lab().fails(search, asked)).toEqual({
    type: 'TRAINING_FAILED',
    message: 'every trial failed',
  });
  expect(lab().inputsOf('recordTrials').at(-1)!.outcome).toBe('failed');
});

it('whose end cannot be recorded still fails with the error of its trials', async () => {
  lab().replace({
    closeRung: async () => {
      throw new CitibikeError('TRAINING_FAILED', 'every trial failed');
    },
    recordTrials: async () => {
      throw new CitibikeError('UPSTREAM_REFUSED', 'MLflow rejected it');
    },
  });
  expect(await lab().fails(search, asked)).toMatchObject({ type: 'TRAINING_FAILED' });
});

it('that is cancelled is recorded as cancelled', async () => {
  lab().replace({ runTrials: untilCancelled });
  const handle = await lab().start(search, asked);
  await expect.poll(() => lab().inputsOf('runTrials').length).toBeGreaterThan(0);
  await handle.cancel();
  expect(await lab().failureOf(handle)).toMatchObject({ type: 'CANCELLED' });
  expect(lab().inputsOf('recordTrials').at(-1)!.outcome).toBe('cancelled');
});
