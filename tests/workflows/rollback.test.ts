/** Tests `rollback` and the lock that it shares with promotions. */
import { expect, it } from 'vitest';
import { CitibikeError } from '../../contracts/errors.ts';
import { rollback } from '../../workflows/rollback.ts';
import { training } from '../../workflows/training.ts';
import { lockWaitMs } from '../../workflows/promote-under-lock.ts';
import { COMPARISON } from './harness/fake-activities.ts';
import { newModel, useLab } from './harness/workflow-lab.ts';

const lab = useLab();

it('restores the previous version, if the champion did not change meanwhile', async () => {
  const model = newModel();
  expect(await lab().run(rollback, { model, reason: 'a hunch' })).toMatchObject({
    model,
    version: '1',
    promote: true,
  });
  expect(lab().inputsOf('checkRollback')).toEqual([{ model, version: '1', expectedChampion: '2' }]);
  expect(lab().inputsOf('pointChampion')).toMatchObject([{ withdrawal: 'Rolled back. a hunch' }]);
});

it('restores a named version regardless of the champion', async () => {
  const model = newModel();
  await lab().run(rollback, { model, version: '4' });
  expect(lab().inputsOf('checkRollback')).toEqual([{ model, version: '4' }]);
});

it('restores a version where there is no champion', async () => {
  const model = newModel();
  lab().replace({ resolveRollback: async () => ({ model, version: '1', champion: null }) });
  await lab().run(rollback, {});
  expect(lab().inputsOf('checkRollback')).toEqual([{ model, version: '1' }]);
});

it('fails when the version must not be restored', async () => {
  const model = newModel();
  lab().replace({ checkRollback: async () => ({ ...COMPARISON, promote: false, reason: 'overtaken' }) });
  expect(await lab().fails(rollback, { model })).toEqual({
    type: 'ROLLOUT_FAILED',
    message: `${model} was not rolled back: overtaken`,
  });
});

it('waits while a promotion of the same model runs', async () => {
  const model = newModel();
  let compared = () => {};
  lab().replace({
    compareWithChampion: () => new Promise((resolve) => (compared = () => resolve(COMPARISON))),
  });
  const test = { from: '2025-01', to: '2025-01' };
  const rival = await lab().start(training, { model, train: { from: '2024-01', to: '2024-12' }, test });
  await expect.poll(() => lab().inputsOf('compareWithChampion').length).toBe(1);
  const waiting = await lab().start(rollback, { model });
  await expect.poll(() => lab().inputsOf('resolveRollback').length).toBe(1);
  const attempts = async () => (await lab().childrenOf(waiting)).length;
  await expect.poll(attempts).toBeGreaterThan(2);
  expect(lab().inputsOf('checkRollback')).toEqual([]);
  compared();
  await rival.result();
  await waiting.result();
  expect(lab().inputsOf('checkRollback')).toHaveLength(1);
});

it('lengthens the wait with the time waited, from 2 s to 5 minutes', () => {
  const minute = 60_000;
  expect(lockWaitMs(0)).toBe(2_000);
  expect(lockWaitMs(16 * minute)).toBe(minute);
  expect(lockWaitMs(24 * 60 * minute)).toBe(5 * minute);
});

it('fails as its promotion does', async () => {
  lab().replace({
    proveVersion: async () => {
      throw new CitibikeError('BAD_MODEL', 'golden request failed');
    },
  });
  const failure = await lab().fails(rollback, { model: newModel() });
  expect(failure).toEqual({ type: 'BAD_MODEL', message: 'golden request failed' });
});
