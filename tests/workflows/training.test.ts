/** Tests every branch of `training`, and the approval that a promotion may need. */
import { Context } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { CitibikeError } from '../../contracts/errors.ts';
import { startedByMemo } from '../../contracts/started-by.ts';
import { training } from '../../workflows/training.ts';
import { COMPARISON, FOUND_HYPER_PARAMETERS, refOf } from './harness/fake-activities.ts';
import { newModel, useLab } from './harness/workflow-lab.ts';

const lab = useLab();
const train = { from: '2024-01', to: '2024-12' };
const test = { from: '2025-01', to: '2025-02' };
const asked = (more: object = {}) => ({ model: newModel(), train, test, ...more });

describe('a training', () => {
  it('fits, evaluates, registers and promotes', async () => {
    const handle = await lab().start(training, asked());
    expect(await handle.result()).toMatchObject({
      version: '2',
      runId: 'run-2',
      promotion: { promote: true, generation: 5 },
      cached: false,
    });
    expect(lab().inputsOf('resolveDataset')[0]!.months).toHaveLength(14);
    expect(lab().inputsOf('evaluateModel')[0]).toHaveProperty('test');
    expect(lab().inputsOf('registerCandidate')[0]).toMatchObject({ test, testFrame: {} });
    expect(new Set(Object.values(await lab().states(handle)))).toEqual(new Set(['done']));
    expect(lab().inputsOf('endTrainingRuns')).toEqual([]);
    expect(lab().inputsOf('trainModel')[0]).not.toHaveProperty('startedBy');
  });

  it('is cached when frames, model and version are cached', async () => {
    const cached = true;
    lab().replace({
      buildFrame: async () => ({ ref: refOf('frame'), synthetic: true, filledDays: ['2024-02-01'], cached }),
      trainModel: async () => ({ model: refOf('m'), backend: 'cpu', epochs: 1, seconds: 1, cached }),
      registerCandidate: async ({ model }) => ({ model: model!, version: '2', runId: 'r', cached }),
    });
    const handle = await lab().start(training, asked());
    expect(await handle.result()).toMatchObject({
      cached: true,
      synthetic: true,
      filledDays: ['2024-02-01'],
    });
    expect(await lab().states(handle)).toMatchObject({
      frame: 'cached',
      train: 'cached',
      register: 'cached',
    });
  });

  it('uses the data set and the model name of its input', async () => {
    await lab().run(training, { train, test, dataset: refOf('given.json') });
    expect(lab().inputsOf('resolveDataset')).toEqual([]);
    expect(lab().inputsOf('registerCandidate')[0]).not.toHaveProperty('model');
  });

  it('of a refit has no test months and is not compared', async () => {
    const result = await lab().run(training, {
      model: newModel(),
      train,
      promotionRule: 'heir',
      heirOf: '1',
    });
    expect(result.promotion.reason).toBe('refit of version 2');
    expect(lab().inputsOf('declareHeir')).toMatchObject([{ version: '2', heirOf: '1' }]);
    expect(lab().inputsOf('evaluateModel')[0]).not.toHaveProperty('test');
    expect(lab().inputsOf('registerCandidate')[0]).not.toHaveProperty('testFrame');
  });

  it('searches first if the input says so, and trains with the result', async () => {
    const handle = await lab().start(training, asked({ search: { trials: 4 } }), startedByMemo('ann'));
    expect(await handle.result()).toMatchObject({ search: { runId: 'search-run' } });
    expect(lab().inputsOf('recordTrials')[0]).toMatchObject({ startedBy: 'ann' });
    expect(lab().inputsOf('trainModel')[0]!.config.hyperParameters).toEqual(FOUND_HYPER_PARAMETERS);
    expect(lab().inputsOf('registerCandidate')[0]!.search).toMatchObject({ runId: 'search-run' });
    expect(await lab().childrenOf(handle)).toEqual(['search', 'promotion']);
  });

  it('that fails names the failed step', async () => {
    lab().replace({
      trainModel: async () => {
        throw new CitibikeError('TRAINING_FAILED', 'loss is NaN');
      },
    });
    const handle = await lab().start(training, asked());
    expect(await lab().failureOf(handle)).toEqual({ type: 'TRAINING_FAILED', message: 'loss is NaN' });
    expect(await lab().states(handle)).toMatchObject({ frame: 'done', train: 'failed', evaluate: 'pending' });
    expect(await handle.query('progress')).toMatchObject({ stage: 'failed' });
    expect(lab().inputsOf('endTrainingRuns')).toEqual([{ outcome: 'failed' }]);
  });

  it('that is cancelled ends the MLflow run that its worker may have left open', async () => {
    lab().replace({
      trainModel: () => Context.current().cancelled,
      endTrainingRuns: async () => {
        throw new CitibikeError('UPSTREAM_REFUSED', 'MLflow rejects it');
      },
    });
    const handle = await lab().start(training, asked());
    await expect.poll(() => lab().inputsOf('trainModel').length).toBe(1);
    await handle.cancel();
    expect(await lab().failureOf(handle)).toMatchObject({ type: 'CANCELLED' });
    expect(lab().inputsOf('endTrainingRuns')[0]).toEqual({ outcome: 'cancelled' });
  });
});

describe('an approval', () => {
  const needed = (more: object = {}) => asked({ approval: { required: true, timeoutHours: 2160, ...more } });
  const decide = (handle: WorkflowHandle, decision: object) =>
    handle.executeUpdate('approvePromotion', { args: [decision] });

  async function waiting(): Promise<WorkflowHandle> {
    const handle = await lab().start(training, needed());
    const detail = async () => JSON.stringify(await handle.query('progress'));
    await expect.poll(detail).toContain('waits for approval');
    return handle;
  }

  it('that is given promotes, and the version names the approver', async () => {
    const handle = await waiting();
    expect(await decide(handle, { approve: true, by: 'Ann' })).toEqual({ version: '2', approve: true });
    expect(await handle.result()).toMatchObject({ promotion: { promote: true } });
    expect(lab().inputsOf('pointChampion')[0]!.reason).toContain('Approved by Ann');
    // The training compares before the lock, to know what to expect, and again under it.
    expect(lab().inputsOf('compareWithChampion')).toHaveLength(2);
  });

  it('that is denied archives the candidate with the reason', async () => {
    const handle = await waiting();
    await decide(handle, { approve: false, by: 'Ann', reason: 'a holiday' });
    expect(await handle.result()).toMatchObject({
      promotion: { promote: false, reason: 'Rejected by Ann: a holiday', generation: null },
    });
    expect(lab().inputsOf('archiveCandidate')[0]!.reason).toContain('Rejected by Ann: a holiday. RMSE');
    expect(await lab().states(handle)).toMatchObject({ approval: 'done', promotion: 'skipped' });
    expect(lab().inputsOf('readAliases')).toEqual([]);
  });

  it('is rejected when it is not valid, and stays open', async () => {
    const handle = await waiting();
    await expect(decide(handle, { approve: 'yes', by: 'Ann' })).rejects.toThrow();
    await decide(handle, { approve: true, by: 'Ann' });
    await handle.result();
  });

  it('is rejected before the workflow waits for it', async () => {
    let trained = () => {};
    lab().replace({
      trainModel: () =>
        new Promise((resolve) => {
          const model = { model: refOf('m'), backend: 'cpu', epochs: 1, seconds: 1, cached: false };
          trained = () => resolve(model);
        }),
    });
    const handle = await lab().start(training, needed({ timeoutHours: 1 }));
    await expect.poll(() => lab().inputsOf('trainModel').length).toBe(1);
    await expect(decide(handle, { approve: true, by: 'Ann' })).rejects.toThrow();
    trained();
    await handle.result();
  });

  it.each([
    ['reject', false, 'Rejected: no decision within 1 h'],
    ['promote', true, 'Approved: no decision within 1 h'],
  ])('that times out counts as %s', async (onTimeout, promote, word) => {
    const result = await lab().run(training, needed({ timeoutHours: 1, onTimeout }));
    expect(result.promotion.promote).toBe(promote);
    expect(result.promotion.reason).toContain(word);
  });

  it('is not needed for a candidate that would not be promoted', async () => {
    lab().replace({ compareWithChampion: async () => ({ ...COMPARISON, promote: false, reason: 'worse' }) });
    const handle = await lab().start(training, needed());
    expect(await handle.result()).toMatchObject({ promotion: { promote: false, reason: 'worse' } });
    expect(await lab().states(handle)).toMatchObject({ approval: 'done', promotion: 'done' });
  });

  it('is no longer awaited when the training is cancelled', async () => {
    const handle = await waiting();
    await handle.cancel();
    expect(await lab().failureOf(handle)).toMatchObject({ type: 'CANCELLED' });
    expect(lab().order('archiveCandidate', 'readAliases')).toEqual([]);
  });
});
