/** Tests every branch of `promotion`: decision, proof, canary, shadow, swap, and what a failure restores. */
import { describe, expect, it } from 'vitest';
import { CitibikeError } from '../../contracts/errors.ts';
import { promotion } from '../../workflows/promotion.ts';
import { COMPARISON, judgement, refOf, type Activities } from './harness/fake-activities.ts';
import { newModel, useLab } from './harness/workflow-lab.ts';

const lab = useLab();
const asked = (more: object = {}) => ({ model: newModel(), version: '2', testFrame: refOf('test'), ...more });
const fail = (message: string) => async () => {
  throw new CitibikeError('ROLLOUT_FAILED', message);
};
const nobodyServes: Partial<Activities> = {
  proveVersion: async () => ({ provenBy: ['worker'], desired: null }),
};

describe('a candidate that is better', () => {
  it('is proven, becomes champion and is served, in that order', async () => {
    const handle = await lab().start(promotion, asked());
    expect(await handle.result()).toMatchObject({
      promote: true,
      reason: 'RMSE improves by 12 %',
      provenBy: ['127.0.0.1:3000'],
      servedBy: ['127.0.0.1:3000'],
      generation: 5,
      trial: null,
    });
    const order = lab().order('proveVersion', 'pointChampion', 'setDesiredVersion', 'awaitServed');
    expect(order).toEqual(['proveVersion', 'pointChampion', 'setDesiredVersion', 'awaitServed']);
    const states = await lab().states(handle);
    expect(states).toEqual({ compare: 'done', prove: 'done', point: 'done', swap: 'done' });
  });

  it('waits for no process if none is alive', async () => {
    lab().replace(nobodyServes);
    const result = await lab().run(promotion, asked({ traffic: { mode: 'canary' } }));
    expect(result).toMatchObject({ promote: true, provenBy: ['worker'], servedBy: [], trial: null });
    expect(lab().order('awaitServed', 'beginTrial')).toEqual([]);
  });

  it('has the note of the approver in its reason', async () => {
    await lab().run(promotion, asked({ note: 'Approved by Ann' }));
    expect(lab().inputsOf('pointChampion')[0]).toMatchObject({
      reason: 'RMSE improves by 12 %. Approved by Ann',
    });
  });

  it('is announced to the webhook once it is champion', async () => {
    lab().replace({ webhookIsSet: async () => true });
    const handle = await lab().start(promotion, asked());
    await handle.result();
    await expect
      .poll(() => lab().inputsOf('postWebhook'))
      .toMatchObject([{ type: 'promotion', version: '2' }]);
  });

  it('that is already champion is served again and not announced', async () => {
    lab().replace({
      webhookIsSet: async () => true,
      readAliases: async () => ({ champion: '2', previous: '1' }),
    });
    expect(await lab().run(promotion, asked())).toMatchObject({ promote: true });
    expect(lab().inputsOf('webhookIsSet')).toEqual([]);
  });
});

describe('a candidate that is not better', () => {
  it.each(['at-once', 'shadow'])('is archived and nothing else happens (%s)', async (mode) => {
    lab().replace({ compareWithChampion: async () => ({ ...COMPARISON, promote: false, reason: 'worse' }) });
    const handle = await lab().start(promotion, asked({ traffic: { mode } }));
    expect(await handle.result()).toMatchObject({ promote: false, servedBy: [], generation: null });
    expect(lab().inputsOf('archiveCandidate')).toMatchObject([{ version: '2', reason: 'worse' }]);
    expect(lab().order('readAliases', 'proveVersion')).toEqual([]);
    const { compare, ...others } = await lab().states(handle);
    expect([compare, ...new Set(Object.values(others))]).toEqual(['done', 'skipped']);
  });
});

describe('rules', () => {
  it('refit and rollback compare nothing', async () => {
    await lab().run(promotion, asked({ rule: 'heir' }));
    await lab().run(promotion, asked({ rule: 'rollback', expectedChampion: '3' }));
    await lab().run(promotion, asked({ rule: 'rollback' }));
    expect(lab().inputsOf('checkHeir')).toHaveLength(1);
    expect(lab().inputsOf('checkRollback')).toMatchObject([{ expectedChampion: '3' }, { version: '2' }]);
    expect(lab().inputsOf('compareWithChampion')).toEqual([]);
    expect(lab().inputsOf('pointChampion')[1]).toMatchObject({ withdrawal: 'Rolled back' });
  });

  it('that compare need hours to compare on', async () => {
    const failure = await lab().fails(promotion, asked({ testFrame: undefined }));
    expect(failure.type).toBe('INVALID_INPUT');
    expect(failure.message).toContain('testFrame');
  });

  it('a rollback that is rejected keeps the tags of its version', async () => {
    lab().replace({ checkRollback: async () => ({ ...COMPARISON, promote: false }) });
    await lab().run(promotion, asked({ rule: 'rollback' }));
    expect(lab().inputsOf('archiveCandidate')).toEqual([]);
  });
});

describe('a canary', () => {
  const canary = asked({ traffic: { mode: 'canary', percent: 20, minutes: 10 } });

  it('that passes is judged until its time is up, and stays active for the swap', async () => {
    const result = await lab().run(promotion, canary);
    expect(result).toMatchObject({
      promote: true,
      trial: { decision: 'passed', mode: 'canary', percent: 20 },
    });
    expect(result.trial!.seconds).toBeGreaterThanOrEqual(600);
    const judged = lab().inputsOf('judgeTrial');
    expect(judged.length).toBeGreaterThan(30);
    expect(judged.map(({ last }) => last).lastIndexOf(false)).toBe(judged.length - 2);
    expect(lab().inputsOf('endTrial')).toEqual([]);
  });

  it('that fails ends at once, archives the candidate and notifies the webhook', async () => {
    lab().replace({ judgeTrial: async () => judgement('failed', 'slow'), webhookIsSet: async () => true });
    const handle = await lab().start(promotion, canary);
    expect(await handle.result()).toMatchObject({
      promote: false,
      reason: 'not promoted after its canary: slow',
      trial: { decision: 'failed' },
    });
    expect(lab().order('endTrial', 'archiveCandidate', 'pointChampion')).toEqual([
      'endTrial',
      'archiveCandidate',
    ]);
    expect(await lab().states(handle)).toMatchObject({ canary: 'done', point: 'skipped', swap: 'skipped' });
    await expect.poll(() => lab().inputsOf('postWebhook')).toMatchObject([{ type: 'rollback' }]);
  });

  it.each([
    ['no other version is desired', null],
    ['the version is the desired one', '2'],
  ])('is skipped where %s', async (_, desired) => {
    lab().replace({ proveVersion: async () => ({ provenBy: ['a:1'], desired }) });
    const handle = await lab().start(promotion, canary);
    expect(await handle.result()).toMatchObject({ promote: true, trial: null });
    expect(await lab().states(handle)).toMatchObject({ canary: 'skipped', swap: 'done' });
  });

  it('that loses its lease fails the promotion before the alias moves', async () => {
    lab().replace({ judgeTrial: fail('overtaken') });
    expect(await lab().fails(promotion, canary)).toEqual({ type: 'ROLLOUT_FAILED', message: 'overtaken' });
    expect(lab().order('endTrial', 'pointChampion', 'restoreAliases')).toEqual(['endTrial']);
  });

  it('ends when the promotion is cancelled', async () => {
    const handle = await lab().start(promotion, { ...canary, traffic: { mode: 'canary', minutes: 1440 } });
    await expect.poll(() => lab().inputsOf('judgeTrial').length).toBeGreaterThan(0);
    await handle.cancel();
    expect(await lab().failureOf(handle)).toMatchObject({ type: 'CANCELLED' });
    expect(lab().order('endTrial', 'pointChampion')).toEqual(['endTrial']);
  });

  it.each([
    ['', 'a hunch', 'rolled back by Ann: a hunch'],
    [' without a reason', undefined, 'rolled back by Ann'],
  ])('is rolled back by an update%s', async (_, why, reason) => {
    const input = asked({ traffic: { mode: 'canary', minutes: 1440 } });
    const handle = await lab().start(promotion, input);
    await expect.poll(() => lab().inputsOf('judgeTrial').length).toBeGreaterThan(0);
    const update = (request: object) => handle.executeUpdate('rollback', { args: [request] });
    await expect(update({ by: 'Ann', model: 'another' })).rejects.toThrow();
    await expect(update({ by: '' })).rejects.toThrow();
    expect(await update({ by: 'Ann', reason: why })).toEqual({ version: '2' });
    expect(await handle.result()).toMatchObject({ promote: false, trial: { decision: 'failed', reason } });
  });

  it('cannot be rolled back before it runs', async () => {
    let compared = () => {};
    lab().replace({
      compareWithChampion: () => new Promise((resolve) => (compared = () => resolve(COMPARISON))),
    });
    const handle = await lab().start(promotion, canary);
    await expect.poll(() => lab().inputsOf('compareWithChampion').length).toBe(1);
    await expect(handle.executeUpdate('rollback', { args: [{ by: 'Ann' }] })).rejects.toThrow();
    compared();
    await handle.result();
  });
});

it('a shadow that passes is ended before the swap', async () => {
  const result = await lab().run(promotion, asked({ traffic: { mode: 'shadow' } }));
  expect(result).toMatchObject({ promote: true, trial: { mode: 'shadow' } });
  expect(lab().order('endTrial', 'setDesiredVersion')).toEqual(['endTrial', 'setDesiredVersion']);
});

describe('a failure', () => {
  it('of the proof changes nothing', async () => {
    lab().replace({ proveVersion: fail('a:1 could not load it') });
    expect(await lab().fails(promotion, asked())).toMatchObject({ message: 'a:1 could not load it' });
    expect(lab().order('pointChampion', 'restoreAliases', 'archiveCandidate')).toEqual([]);
  });

  it('after the alias moved restores aliases and desired version, and archives the candidate', async () => {
    lab().replace({ awaitServed: fail('a:1 is late') });
    expect(await lab().fails(promotion, asked())).toEqual({
      type: 'ROLLOUT_FAILED',
      message: 'a:1 is late',
    });
    const undone = lab().order('restoreAliases', 'restoreDesired', 'archiveCandidate');
    expect(undone).toEqual(['restoreAliases', 'restoreDesired', 'archiveCandidate']);
    expect(lab().inputsOf('restoreAliases')).toMatchObject([{ aliases: { champion: '1', previous: null } }]);
    const reason = 'restored because version 2 could not be served: a:1 is late';
    expect(lab().inputsOf('restoreDesired')).toMatchObject([{ failed: '2', restore: '1', reason }]);
    expect(lab().inputsOf('archiveCandidate')).toMatchObject([{ reason }]);
  });

  it('of moving the alias restores them too', async () => {
    lab().replace({ pointChampion: fail('MLflow rejected it') });
    await lab().fails(promotion, asked());
    expect(lab().order('restoreAliases', 'restoreDesired')).toEqual(['restoreAliases', 'restoreDesired']);
    expect(lab().inputsOf('setDesiredVersion')).toEqual([]);
  });

  it('of a version that was already champion and served leaves it desired and not archived', async () => {
    lab().replace({
      proveVersion: async () => ({ provenBy: ['a:1'], desired: '2' }),
      readAliases: async () => ({ champion: '2', previous: '1' }),
      awaitServed: fail('a:1 is late'),
    });
    await lab().fails(promotion, asked());
    const undone = lab().order('restoreAliases', 'restoreDesired', 'archiveCandidate');
    expect(undone).toEqual(['restoreAliases']);
  });

  it('of a rollback does not archive', async () => {
    lab().replace({ awaitServed: fail('a:1 is late') });
    await lab().fails(promotion, asked({ rule: 'rollback' }));
    expect(lab().order('restoreAliases', 'archiveCandidate')).toEqual(['restoreAliases']);
  });
});

it('a cancellation after the alias moved waits until it is served', async () => {
  let point = () => {};
  lab().replace({
    pointChampion: () => new Promise((resolve) => (point = () => resolve({ previous: '1' }))),
  });
  const handle = await lab().start(promotion, asked());
  await expect.poll(() => lab().inputsOf('pointChampion').length).toBe(1);
  await handle.cancel();
  point();
  expect(await handle.result()).toMatchObject({ promote: true, servedBy: ['127.0.0.1:3000'] });
});
