/** Tests when forecasts of published months are scored. */
import { describe, expect, it } from 'vitest';
import { CitibikeError } from '../../contracts/errors.ts';
import { ingest } from '../../workflows/ingest.ts';
import { monitoring } from '../../workflows/monitoring.ts';
import { refOf } from './harness/fake-activities.ts';
import { useLab, untilCancelled } from './harness/workflow-lab.ts';

const lab = useLab();
const quarter = { from: '2025-01', to: '2025-03' };
const forecastMonths = (...months: readonly { month: string; scored: boolean }[]) =>
  lab().replace({
    listForecastMonths: async () => ({
      months: months.map((month) => ({ model: 'citibike-trips', ...month })),
    }),
  });

describe('ingest', () => {
  it('scores the months that have forecasts and no scores, each from its own frame', async () => {
    forecastMonths({ month: '2025-01', scored: false }, { month: '2025-02', scored: false });
    const handle = await lab().start(ingest, quarter);
    await handle.result();
    expect(lab().inputsOf('scoreForecasts')).toEqual([
      {
        system: 'nyc',
        model: 'citibike-trips',
        month: '2025-01',
        frame: frameOf('2025-01'),
        synthetic: false,
      },
      {
        system: 'nyc',
        model: 'citibike-trips',
        month: '2025-02',
        frame: frameOf('2025-02'),
        synthetic: false,
      },
    ]);
    expect(await lab().states(handle)).toMatchObject({ compose: 'done', scores: 'done' });
  });

  it('scores a month again only if its trips changed', async () => {
    forecastMonths({ month: '2025-01', scored: true }, { month: '2025-02', scored: true });
    lab().replace({
      preprocessMonth: async ({ month }) => ({
        dataset: { month, provisional: false } as never,
        digest: month,
        cached: month !== '2025-02',
      }),
    });
    await lab().run(ingest, quarter);
    expect(lab().inputsOf('scoreForecasts')).toMatchObject([{ month: '2025-02' }]);
  });

  it('builds no frame where no month has forecasts', async () => {
    await lab().run(ingest, quarter);
    expect(lab().order('listForecastMonths', 'buildFrame', 'scoreForecasts')).toEqual(['listForecastMonths']);
  });

  it('completes if the forecasts cannot be scored', async () => {
    forecastMonths({ month: '2025-01', scored: false });
    lab().replace({
      buildFrame: async () => {
        throw new CitibikeError('BAD_WEATHER', 'no weather of 2025-01-31');
      },
    });
    expect(await lab().run(ingest, quarter)).toMatchObject({ months: 3 });
    expect(lab().inputsOf('scoreForecasts')).toEqual([]);
  });

  it('that is cancelled while it scores is cancelled', async () => {
    forecastMonths({ month: '2025-01', scored: false });
    lab().replace({ scoreForecasts: untilCancelled });
    const handle = await lab().start(ingest, quarter);
    await expect.poll(() => lab().inputsOf('scoreForecasts').length).toBe(1);
    await handle.cancel();
    expect(await lab().failureOf(handle)).toMatchObject({ type: 'CANCELLED' });
  });
});

describe('monitoring', () => {
  const current = { from: '2025-01', to: '2025-01' };

  it('checks drift, and then scores forecasts of months that were in place before', async () => {
    forecastMonths({ month: '2025-01', scored: false });
    await lab().run(monitoring, { current });
    expect(lab().inputsOf('scoreForecasts')).toMatchObject([{ month: '2025-01' }]);
    expect(lab().order('recordDrift', 'scoreForecasts')).toEqual(['recordDrift', 'scoreForecasts']);
  });

  it('scores nothing before the trips are published', async () => {
    lab().replace({
      resolveDataset: async ({ months }) => {
        if (months.includes('2025-01')) throw new CitibikeError('MISSING_MONTHS', 'no 2025-01');
        return { dataset: refOf('reference.json'), hours: 24, trips: 1, synthetic: false, cached: false };
      },
      listSource: async () => {
        throw new CitibikeError('MISSING_MONTHS', 'no 2025-01');
      },
    });
    await lab().run(monitoring, { current, withoutTrips: true });
    expect(lab().inputsOf('listForecastMonths')).toEqual([]);
  });
});

function frameOf(month: string) {
  return refOf(`frame-${month}-${month}.parquet`);
}
