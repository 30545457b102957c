import { describe, expect, it } from 'vitest';
import { ApplicationFailure } from '@temporalio/common';
import type { ForecastActivities } from '../../contracts/activities/forecast.ts';
import { forecast } from '../../workflows/forecast.ts';
import { DATASET, ISSUE, WEATHER_ISSUE } from './harness/fake-activities.ts';
import { useLab } from './harness/workflow-lab.ts';

const lab = useLab();

const failing = (code: string, message: string) => async () => {
  throw ApplicationFailure.nonRetryable(message, code);
};
const DOWN = failing('SOURCE_UNAVAILABLE', 'the weather service at host answered HTTP 503');

/** Plans as the activity does for a model whose newest issue is `kept`. */
const planned =
  (
    plan: Partial<Awaited<ReturnType<ForecastActivities['planForecast']>>>,
  ): ForecastActivities['planForecast'] =>
  async ({ system, fetched }) => ({
    model: 'citibike-trips',
    version: '1',
    system,
    synthetic: false,
    rules: 'all',
    published: null,
    weather: fetched,
    kept: null,
    ...plan,
  });

describe('a forecast', () => {
  it('is issued from the newest weather at the level of the published months', async () => {
    const handle = await lab().start(forecast, { seed: 7 });
    expect(await handle.result()).toEqual({
      system: 'nyc',
      model: 'citibike-trips',
      ...ISSUE,
      written: true,
      kept: false,
      reason: null,
      weatherFailure: null,
    });
    expect(await lab().states(handle)).toEqual({
      weather: 'done',
      level: 'done',
      forecast: 'done',
      retention: 'done',
    });
    expect(lab().inputsOf('buildFrame')[0]).toMatchObject({ span: { from: '2025-01', to: '2025-03' } });
    expect(lab().inputsOf('issueForecast')[0]).toMatchObject({
      plan: { weather: WEATHER_ISSUE, version: '1' },
      publishedFrame: { uri: 's3://artifacts/frame-2025-01-2025-03.parquet' },
      seed: 7,
    });
    expect(lab().inputsOf('fetchWeather')[0]).toMatchObject({ synthetic: false, required: false });
    expect(lab().inputsOf('forgetForecasts')).toEqual([{ system: 'nyc', model: 'citibike-trips' }]);
  });

  it('does without observations that cannot be read', async () => {
    lab().replace({ fetchWeather: DOWN });
    expect(await lab().run(forecast, {})).toMatchObject({ written: true, kept: false, reason: null });
  });

  it('uses climatology if there is no weather, and says why', async () => {
    lab().replace({ fetchForecast: DOWN });
    const handle = await lab().start(forecast, {});
    const result = await handle.result();
    expect(result).toMatchObject({ provider: 'climatology', written: true, kept: false });
    expect(result.reason).toBe('climatology is used: the weather service at host answered HTTP 503');
    expect(result.weatherFailure).toBe('the weather service at host answered HTTP 503');
    expect(await lab().states(handle)).toMatchObject({ weather: 'skipped', forecast: 'done' });
    expect(lab().inputsOf('issueForecast')[0]!.plan.weather).toBeNull();
  });

  it('continues without the contact that the weather service requires', async () => {
    lab().replace({ fetchForecast: failing('BAD_SETTING', 'setting WEATHER_CONTACT is empty') });
    expect(await lab().run(forecast, {})).toMatchObject({
      provider: 'climatology',
      reason: expect.stringContaining('WEATHER_CONTACT') as string,
    });
  });

  it('asks once if nobody should wait for a weather service', async () => {
    let calls = 0;
    const fetchForecast = async () => {
      calls += 1;
      throw ApplicationFailure.retryable('HTTP 503', 'SOURCE_UNAVAILABLE');
    };
    lab().replace({ fetchForecast });
    expect(await lab().run(forecast, { wait: false })).toMatchObject({ provider: 'climatology' });
    expect(calls).toBe(1);
  });

  it('keeps the last issue while it reaches the next day, and says why', async () => {
    lab().replace({ fetchForecast: DOWN, planForecast: planned({ kept: ISSUE }) });
    const handle = await lab().start(forecast, {});
    expect(await handle.result()).toMatchObject({
      ...ISSUE,
      written: false,
      kept: true,
      reason: 'the weather service at host answered HTTP 503',
    });
    expect(await lab().states(handle)).toMatchObject({ forecast: 'skipped', retention: 'done' });
    expect(lab().inputsOf('issueForecast')).toEqual([]);
  });

  it('does not issue the same weather twice', async () => {
    lab().replace({ planForecast: planned({ kept: ISSUE }) });
    const { kept, reason, weatherFailure } = await lab().run(forecast, {});
    expect([kept, weatherFailure]).toEqual([true, null]);
    expect(reason).toBe('version 1 has issued the forecast of this weather already');
  });

  it('says that older weather stands for the newest', async () => {
    lab().replace({ fetchForecast: DOWN, planForecast: planned({ weather: WEATHER_ISSUE }) });
    expect(await lab().run(forecast, {})).toMatchObject({
      provider: 'api.weather.gov',
      reason: `the weather forecast of ${WEATHER_ISSUE.issuedAt} is used: the weather service at host answered HTTP 503`,
    });
  });

  it.each([
    ['months without weather', { buildFrame: failing('BAD_WEATHER', 'no weather') }],
    ['synthetic months of a real version', { resolveDataset: async () => ({ ...DATASET, synthetic: true }) }],
  ])('has no level from %s', async (_what, activities) => {
    lab().replace(activities);
    expect(await lab().run(forecast, {})).toMatchObject({ written: true });
    expect(lab().inputsOf('issueForecast')[0]!.publishedFrame).toBeNull();
  });

  it('says what the issue lacks, and which issue stays', async () => {
    const note = 'the training data of version 1 were deleted';
    lab().replace({ issueForecast: async () => ({ ...ISSUE, version: '2', written: false, note }) });
    const { reason, version } = await lab().run(forecast, {});
    expect(version).toBe('2');
    expect(reason).toBe(`the issue of version 2 stays, because it was chosen later; ${note}`);
  });

  it('completes without a champion and says what is missing', async () => {
    lab().replace({ planForecast: failing('MODEL_NOT_FOUND', 'model m has no champion') });
    const handle = await lab().start(forecast, {});
    expect(await handle.result()).toEqual({
      system: 'nyc',
      version: null,
      hours: 0,
      written: false,
      kept: false,
      reason: 'model m has no champion',
      weatherFailure: null,
    });
    expect(await lab().states(handle)).toEqual({
      weather: 'done',
      level: 'done',
      forecast: 'skipped',
      retention: 'skipped',
    });
    // The weather forecast is stored all the same, because it cannot be had later.
    expect(lab().order('fetchForecast', 'planForecast')).toEqual(['fetchForecast', 'planForecast']);
  });

  it('rejects two sources', async () => {
    const { type, message } = await lab().fails(forecast, { source: { weather: 's3://a/b' } });
    expect(type).toBe('INVALID_INPUT');
    expect(message).toContain('source');
  });
});
