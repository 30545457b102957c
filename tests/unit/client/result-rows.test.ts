import { describe, expect, it } from 'vitest';
import { resultRows, rowLines } from '../../../client/result-rows.ts';
import { STARTABLE_WORKFLOWS } from '../../../contracts/workflows/index.ts';

const METRICS = { rows: 2159, rmse: 717.4, mae: 498, r2: 0.938, bias: 12.5, mape: 18 };
const PROMOTION = {
  ...{ version: '3', promote: false, reason: 'RMSE 717 is not 10 % below 700', champion: '2' },
  ...{ championRmse: 700, candidateRmse: 717, hours: 2159, provenBy: [], servedBy: [], trial: null },
};
const TRAINING = {
  ...{ model: 'citibike-trips', version: '3', runId: 'r', backend: 'native', seconds: 41.6 },
  metrics: { ...METRICS, coverage: 0.893, width: 2_154 },
  naive: { ...METRICS, rmse: 1_325 },
  promotion: PROMOTION,
  ...{ synthetic: false, filledDays: [], cached: false },
};
const FORECAST = {
  ...{
    system: 'nyc',
    model: 'citibike-trips',
    version: '3',
    issuedAt: '2026-11-30T06:08:23.000Z',
    hours: 168,
  },
  ...{ provider: 'api.weather.gov', level: { factor: 1, deviation: 0, month: null }, written: true },
  ...{ kept: false, reason: null },
};
const textOf = (workflow: string, result: unknown) => rowLines(resultRows(workflow, result)).join('\n');

describe('the summary of a run', () => {
  it('has lines for every workflow that people start', () => {
    const artifact = { uri: 's3://x/y' };
    const results: Record<string, unknown> = {
      ingest: { months: 3, hours: 2160, trips: 1_234_567, synthetic: true, missing: ['2025-02'] },
      training: TRAINING,
      deployment: { model: 'm', version: '3', generation: 1, processes: ['http://a'], trial: null },
      monitoring: {
        ...{ rows: 1, decision: 'keep', reasons: ['no week drifted'], html: artifact },
        ...{ retraining: null, retrainingSkipped: 'the decision is keep' },
      },
      rollback: { ...PROMOTION, model: 'm' },
      search: {
        ...{ best: { trial: 4, rmse: 500, hyperParameters: { epochs: 25 } }, defaultRmse: null },
        ...{ trials: 50, folds: 3 },
      },
      batchPrediction: { model: 'm', version: '3', rows: 10_000, warnedRows: 2, output: 's3://out' },
      forecast: FORECAST,
      retention: {
        ...{ dryRun: false, spared: 1, plan: artifact, planned: {} },
        removed: { artifact: { objects: 12, bytes: 3_400_000 }, report: { objects: 0, bytes: 0 } },
      },
    };
    results['lifecycle'] = {
      data: results['ingest'],
      training: TRAINING,
      deployment: results['deployment'],
      monitoring: results['monitoring'],
    };
    const others = [...STARTABLE_WORKFLOWS.keys()].filter((name) => !(name in results));
    expect(others).toEqual(['backtest']);
    for (const [name, result] of Object.entries(results))
      expect(textOf(name, result), name).not.toMatch(/undefined|NaN|\[object/);
    expect(textOf('ingest', results['ingest'])).toContain(
      '3 months, 2,160 hours, 1,234,567 trips, SYNTHETIC',
    );
    expect(textOf('retention', results['retention'])).toContain('artifact: 12 (3.4 MB), 1 stayed');
  });

  it('says why a version was not promoted, and what it scores', () => {
    const lines = textOf('training', TRAINING).split('\n');
    expect(lines).toEqual([
      '  model        citibike-trips version 3 was not promoted',
      '               RMSE 717 is not 10 % below 700',
      '               trained in 42 s on the native backend',
      '  out of time  RMSE 717  MAE 498  R² 0.938  bias 12.5   on 2,159 hours after training',
      '  naive        RMSE 1,325  MAE 498  R² 0.938  bias 12.5   mean by hour, weekday, month',
      '  intervals    90 % intervals cover 89.3 %, mean width 2,154',
    ]);
  });

  it('names the weather of a forecast, and why it is not the newest', () => {
    expect(textOf('forecast', FORECAST)).toContain('weather      the weather forecast of api.weather.gov');
    const reason = 'climatology is used: the weather service at host answered HTTP 503';
    const text = textOf('forecast', { ...FORECAST, provider: 'climatology', reason, kept: true });
    expect(text).toContain('issued 2026-11-30 06:08 UTC and kept');
    expect(text).toContain(`why          ${reason}`);
    const none = { ...FORECAST, version: null, reason: 'no champion' };
    expect(textOf('forecast', none)).toContain('none was issued: no champion');
  });
});
