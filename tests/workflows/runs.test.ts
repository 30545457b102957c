/** Tests what all workflows share (checked inputs, the webhook) and the workflows of one or two activities. */
import { describe, expect, it } from 'vitest';
import { CitibikeError } from '../../contracts/errors.ts';
import { backtest } from '../../workflows/backtest.ts';
import { batchPrediction } from '../../workflows/batch-prediction.ts';
import { deployment } from '../../workflows/deployment.ts';
import { ingest } from '../../workflows/ingest.ts';
import { lifecycle } from '../../workflows/lifecycle.ts';
import { refOf } from './harness/fake-activities.ts';
import { useLab, untilCancelled } from './harness/workflow-lab.ts';

const lab = useLab();

describe('an input', () => {
  it('that is not valid fails the run and notifies the webhook', async () => {
    lab().replace({ webhookIsSet: async () => true });
    const failure = await lab().fails(deployment, { alias: 7 });
    expect(failure).toMatchObject({ type: 'INVALID_INPUT' });
    expect(failure.message).toContain('alias');
    await expect.poll(() => lab().inputsOf('postWebhook')).toMatchObject([{ type: 'run-failed' }]);
  });

  it('with a secret in the address of a source is rejected', async () => {
    const source = { trips: 'https://name:password@trips' };
    const failure = await lab().fails(ingest, { from: '2025-01', to: '2025-01', source });
    expect(failure).toMatchObject({ type: 'INVALID_INPUT' });
    expect(failure.message).not.toContain('password@');
    expect(lab().inputsOf('listSource')).toEqual([]);
  });
});

describe('the webhook', () => {
  const broken = async () => {
    throw new CitibikeError('MODEL_NOT_FOUND', 'no champion');
  };

  it('does not hear of a cancelled run', async () => {
    lab().replace({ resolveVersion: untilCancelled, webhookIsSet: async () => true });
    const handle = await lab().start(deployment, {});
    await expect.poll(() => lab().inputsOf('resolveVersion').length).toBe(1);
    await handle.cancel();
    await lab().failureOf(handle);
    expect(lab().inputsOf('webhookIsSet')).toEqual([]);
  });

  it('that cannot be looked up does not change the error of a run', async () => {
    lab().replace({
      resolveVersion: broken,
      webhookIsSet: async () => {
        throw new CitibikeError('BAD_SETTING', 'not a URL');
      },
    });
    expect(await lab().fails(deployment, {})).toEqual({ type: 'MODEL_NOT_FOUND', message: 'no champion' });
  });

  it('that rejects an event fails only the notification', async () => {
    lab().replace({
      resolveVersion: broken,
      webhookIsSet: async () => true,
      postWebhook: async () => {
        throw new CitibikeError('UPSTREAM_REFUSED', '410');
      },
    });
    expect(await lab().fails(deployment, {})).toMatchObject({ type: 'MODEL_NOT_FOUND' });
    await expect.poll(() => lab().inputsOf('postWebhook').length).toBe(1);
  });

  it('hears of the run and not of its children', async () => {
    lab().replace({
      webhookIsSet: async () => true,
      listSource: async () => {
        throw new CitibikeError('MISSING_MONTHS', 'no 2025-03');
      },
    });
    const span = { from: '2024-01', to: '2024-01' };
    await lab().fails(lifecycle, { train: span, test: { from: '2024-02', to: '2024-02' } });
    await expect.poll(() => lab().inputsOf('postWebhook')).toMatchObject([{ workflowType: 'lifecycle' }]);
  });
});

describe('a backtest', () => {
  const asked = { from: '2025-01', to: '2025-03' };

  it('predicts every month with a model from before it', async () => {
    const handle = await lab().start(backtest, asked);
    expect(await handle.result()).toMatchObject({ cached: false, synthetic: false });
    expect(lab().inputsOf('trainModel')).toHaveLength(3);
    expect(lab().inputsOf('poolMonths')[0]!.hours).toHaveLength(3);
    expect(await lab().states(handle)).toEqual({ dataset: 'done', months: 'done', pool: 'done' });
  });

  it('is cached where every month is cached, and uses the given data set', async () => {
    lab().replace({
      buildFrame: async () => ({ ref: refOf('f'), synthetic: true, filledDays: [], cached: true }),
      trainModel: async () => ({ model: refOf('m'), backend: 'cpu', epochs: 1, seconds: 1, cached: true }),
    });
    const result = await lab().run(backtest, { ...asked, dataset: refOf('given.json') });
    expect(result).toMatchObject({ cached: true, synthetic: true });
    expect(lab().inputsOf('resolveDataset')).toEqual([]);
  });
});

describe('the options of a backtest', () => {
  const asked = { from: '2025-01', to: '2025-03', trainFrom: '2024-01' };

  it('with their defaults add nothing to the inputs of activities', async () => {
    await lab().run(backtest, asked);
    expect(Object.keys(lab().inputsOf('scoreMonth')[0]!)).toEqual([
      'month',
      'model',
      'train',
      'test',
      'cache',
    ]);
    expect(Object.keys(lab().inputsOf('poolMonths')[0]!)).toEqual([
      'system',
      'lateMonths',
      'hours',
      'synthetic',
    ]);
  });

  it('train one model, and give each month those published since its training', async () => {
    await lab().run(backtest, { ...asked, refit: 'never', level: 'on' });
    expect(lab().inputsOf('trainModel')).toMatchObject([
      { config: { span: { from: '2024-01', to: '2024-12' } } },
    ]);
    const levels = new Map(
      lab()
        .inputsOf('scoreMonth')
        .map(({ month, level }) => [month.month, level]),
    );
    expect(levels.get('2025-02')).toEqual({ published: null });
    expect(levels.get('2025-03')).toEqual({ published: refOf('frame-2025-01-2025-01.parquet') });
    expect(lab().inputsOf('poolMonths')[0]).toMatchObject({ variant: { refit: 'never', level: 'on' } });
  });

  it('give months with forecast weather the month before, which an issue for their first days knows', async () => {
    await lab().run(backtest, { ...asked, weather: 'forecast' });
    const first = lab()
      .inputsOf('scoreMonth')
      .find(({ month }) => month.month === '2025-01');
    expect(first).toMatchObject({
      forecast: { system: 'nyc', before: refOf('frame-2024-12-2024-12.parquet'), seed: 42 },
    });
    expect(first).not.toHaveProperty('level');
    expect(lab().inputsOf('resolveDataset')[0]!.months).toContain('2024-12');
  });
});

it('a batch prediction passes its input on', async () => {
  const input = { input: 's3://data/in.csv', output: 's3://data/out.csv' };
  expect(await lab().run(batchPrediction, input)).toMatchObject({ rows: 1 });
  expect(lab().inputsOf('batchPredict')).toMatchObject([input]);
});
