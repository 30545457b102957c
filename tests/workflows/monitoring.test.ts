/** Tests every branch of `monitoring`: data, late months, check, decision and retraining. */
import type { WorkflowHandle } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { CitibikeError } from '../../contracts/errors.ts';
import { monitoring } from '../../workflows/monitoring.ts';
import { DATASET, DRIFT_CHECK, listingOf, refOf, type Activities } from './harness/fake-activities.ts';
import { useLab, untilCancelled } from './harness/workflow-lab.ts';

const lab = useLab();
const current = { from: '2025-01', to: '2025-03' };
const missing = (...months: string[]) => {
  throw new CitibikeError('MISSING_MONTHS', `no ${months.join(', ')}`, { months });
};

/** The months of 2025 were never ingested. The source lists them from this listing on, counted from 1. */
function published(fromListing: number): Partial<Activities> {
  let listings = 0;
  let ingested = false;
  return {
    resolveDataset: async ({ months }) => {
      if (ingested || months.every((month) => month < '2025')) return DATASET;
      return missing(...months.filter((month) => month >= '2025'));
    },
    listSource: async ({ months }) => {
      listings += 1;
      if (listings >= fromListing) return listingOf(months);
      return missing(...months.filter((month) => month >= '2025'));
    },
    composeDataset: async () => {
      ingested = true;
      return { ...DATASET, weather: { filled: 0, filledDays: [], missing: 0 } };
    },
  };
}

/** Returns the options of a run as a schedule starts it. */
function scheduled(input: object = {}): Promise<WorkflowHandle> {
  const searchAttributes = { TemporalScheduledStartTime: [new Date('2025-02-05T06:00:00-05:00')] };
  return lab().start(monitoring, input, { searchAttributes }) as Promise<WorkflowHandle>;
}

describe('the data', () => {
  it('are those that the input names', async () => {
    const result = await lab().run(monitoring, { current, dataset: refOf('given.json') });
    expect(result).toMatchObject({ decision: 'keep', rows: 4, retraining: null, retrainingSkipped: 'keep' });
    expect(lab().inputsOf('resolveDataset')).toEqual([]);
    expect(
      lab()
        .inputsOf('buildFrame')
        .map(({ span }) => span)
        .toSorted((a, b) => (a.from < b.from ? -1 : 1)),
    ).toEqual([{ from: '2024-01', to: '2024-03' }, current]);
    expect(lab().inputsOf('checkDrift')[0]).not.toHaveProperty('days');
  });

  it('are the ingested ones', async () => {
    await lab().run(monitoring, { current, model: 'm', reference: { from: '2023-01', to: '2023-03' } });
    expect(lab().inputsOf('resolveDataset')[0]!.months).toHaveLength(6);
    expect(lab().inputsOf('checkDrift')[0]).toMatchObject({ model: 'm' });
    expect(lab().inputsOf('listSource')).toEqual([]);
  });

  it('are ingested where they are missing', async () => {
    lab().replace(published(1));
    const handle = await lab().start(monitoring, { current, source: { trips: 'https://trips' } });
    await handle.result();
    expect(await lab().childrenOf(handle)).toEqual(['ingest']);
    expect(lab().inputsOf('listSource')).toMatchObject([{ source: 'https://trips' }]);
  });

  it('that are not published fail a check that a person started', async () => {
    lab().replace(published(100));
    expect(await lab().fails(monitoring, { current })).toMatchObject({ type: 'MISSING_MONTHS' });
  });

  it('that cannot be resolved fail the check', async () => {
    lab().replace({
      resolveDataset: async () => {
        throw new CitibikeError('CORRUPT_ARTIFACT', 'a broken pointer');
      },
    });
    expect(await lab().fails(monitoring, { current })).toMatchObject({ type: 'CORRUPT_ARTIFACT' });
  });
});

describe('without trips', () => {
  it('a check covers weather and forecast, and retrains nothing', async () => {
    lab().replace({
      ...published(100),
      checkDrift: async () => ({ ...DRIFT_CHECK, decision: 'alert', withTrips: false }),
    });
    const result = await lab().run(monitoring, { current, withoutTrips: true, retrain: true });
    expect(result.retrainingSkipped).toBe('trips of current are not published');
    expect(
      lab()
        .inputsOf('frameWithoutTrips')[0]!
        .weather.map(({ year }) => year),
    ).toEqual([2024, 2025]);
    expect(lab().inputsOf('claimRetraining')).toEqual([]);
  });

  it.each([
    ['a folder of trips', { trips: 'file:///tmp/t' }, 'file:///tmp/t'],
    ['a source of weather', { weather: 'https://w' }, 'https://w'],
  ])('a check asks for the weather of %s', async (_, source, asked) => {
    lab().replace(published(100));
    await lab().run(monitoring, { current, withoutTrips: true, source });
    expect(lab().inputsOf('fetchWeather').at(-1)).toMatchObject({ source: asked, required: true });
  });

  it('a check without weather fails', async () => {
    lab().replace({
      ...published(100),
      fetchWeather: async () => {
        throw new CitibikeError('SOURCE_NOT_FOUND', 'no weather of 2025');
      },
    });
    const failure = await lab().fails(monitoring, { current, withoutTrips: true });
    expect(failure.type).toBe('MISSING_MONTHS');
  });

  it('a check with unreadable weather fails', async () => {
    lab().replace({
      ...published(100),
      fetchWeather: async () => {
        throw new CitibikeError('BAD_WEATHER', 'unknown units');
      },
    });
    const failure = await lab().fails(monitoring, { current, withoutTrips: true });
    expect(failure.type).toBe('BAD_WEATHER');
  });

  it('a check with incomplete weather fails', async () => {
    lab().replace({
      ...published(100),
      frameWithoutTrips: async () => {
        throw new CitibikeError('BAD_WEATHER', 'ten days are missing');
      },
    });
    const failure = await lab().fails(monitoring, { current, withoutTrips: true });
    expect(failure.type).toBe('BAD_WEATHER');
  });
});

describe('a schedule', () => {
  it('checks the weeks that end in the month before', async () => {
    await (await scheduled()).result();
    expect(lab().inputsOf('checkDrift')[0]!.days).toEqual({ from: '2024-12-30', to: '2025-01-26' });
    expect(
      lab()
        .inputsOf('buildFrame')
        .map(({ span }) => span)
        .toSorted((a, b) => (a.from < b.from ? -1 : 1)),
    ).toEqual([
      { from: '2024-01', to: '2024-01' },
      { from: '2024-12', to: '2025-01' },
    ]);
  });

  it('checks the weather first and the trips once they are published, days later', async () => {
    lab().replace(published(5));
    const handle = await scheduled();
    expect(await handle.result()).toMatchObject({ withTrips: true });
    expect(lab().inputsOf('checkDrift')).toHaveLength(2);
    expect(lab().inputsOf('frameWithoutTrips')).toHaveLength(1);
    expect(JSON.stringify(await handle.query('progress'))).toContain('published, found at attempt');
  });

  it('gives up a month that is not published within 45 days', async () => {
    lab().replace(published(1_000));
    const handle = await scheduled();
    expect(await lab().failureOf(handle)).toMatchObject({ type: 'MISSING_MONTHS' });
    // Every day for a week, then less often.
    expect(lab().inputsOf('listSource').length).toBeGreaterThan(13);
    expect(lab().inputsOf('listSource').length).toBeLessThan(20);
    expect(JSON.stringify(await handle.query('progress'))).toContain('waits for the trips of 2025-01');
  });

  it('waits for the trips only where the weather is missing too', async () => {
    lab().replace({
      ...published(3),
      fetchWeather: async ({ required, years }) => {
        if (required && lab().inputsOf('listSource').length < 3)
          throw new CitibikeError('SOURCE_NOT_FOUND', 'no weather of 2025');
        return { weather: years.map((year) => ({ year, ref: refOf(`${year}.csv`) })), cached: false };
      },
    });
    await (await scheduled()).result();
    expect(lab().inputsOf('checkDrift')).toHaveLength(1);
    expect(lab().inputsOf('frameWithoutTrips')).toEqual([]);
  });

  it('waits for the trips where the weather is incomplete', async () => {
    lab().replace({
      ...published(3),
      frameWithoutTrips: async () => {
        throw new CitibikeError('BAD_WEATHER', 'ten days are missing');
      },
    });
    const handle = await scheduled({ source: { trips: 'https://trips' } });
    await handle.result();
    expect(lab().inputsOf('checkDrift')).toHaveLength(1);
    expect(await lab().states(handle)).toMatchObject({ frames: 'done', drift: 'done' });
  });
});

it('rejects a check without a span unless a schedule starts it', async () => {
  const failure = await lab().fails(monitoring, {});
  expect(failure.type).toBe('INVALID_INPUT');
  expect(failure.message).toContain('current: got nothing');
});

describe('a decision', () => {
  const decided = (decision: 'retrain' | 'alert', more: Partial<Activities> = {}) =>
    lab().replace({
      checkDrift: async () => ({ ...DRIFT_CHECK, decision, reasons: [] }),
      webhookIsSet: async () => true,
      ...more,
    });
  const retrain = { current, retrain: true };

  it('to alert notifies the webhook', async () => {
    decided('alert');
    expect(await lab().run(monitoring, retrain)).toMatchObject({ retrainingSkipped: 'alert' });
    await expect.poll(() => lab().inputsOf('postWebhook')).toMatchObject([{ type: 'alert', version: '1' }]);
  });

  it('to retrain has no effect where the input does not allow it', async () => {
    decided('retrain');
    const result = await lab().run(monitoring, { current });
    expect(result.retrainingSkipped).toContain('not requested');
    expect(lab().inputsOf('claimRetraining')).toEqual([]);
  });

  it.each([
    ['the bound is reached', 'the bound is reached'],
    [null, 'not granted'],
  ])('to retrain is not acted on where it is not granted (%s)', async (reason, skipped) => {
    decided('retrain', { claimRetraining: async () => ({ granted: false, reason }) });
    expect(await lab().run(monitoring, retrain)).toMatchObject({ retrainingSkipped: skipped });
    expect(lab().inputsOf('trainModel')).toEqual([]);
  });

  it('to retrain trains a candidate and, after its promotion, its refit', async () => {
    decided('retrain');
    const handle = await lab().start(monitoring, retrain);
    expect(await handle.result()).toMatchObject({
      retraining: { promoted: true, heir: { promoted: true } },
      retrainingSkipped: null,
    });
    expect(await lab().childrenOf(handle)).toEqual(['notification', 'training', 'training']);
    expect(
      lab()
        .inputsOf('trainModel')
        .map(({ config }) => config.span),
    ).toEqual([
      { from: '2024-03', to: '2025-02' },
      { from: '2024-04', to: '2025-03' },
    ]);
    expect(lab().inputsOf('closeRetraining')).toMatchObject([
      { outcome: 'promoted', candidate: '2', refit: '2' },
    ]);
  });

  it('to retrain keeps the candidate where its refit is not promoted', async () => {
    decided('retrain', {
      checkHeir: async () => ({
        promote: false,
        reason: 'another champion',
        champion: '3',
        championRmse: null,
        candidateRmse: null,
        hours: 0,
      }),
    });
    await lab().run(monitoring, retrain);
    expect(lab().inputsOf('closeRetraining')).toMatchObject([
      { outcome: 'promoted', refit: null, reason: 'another champion' },
    ]);
  });

  it('to retrain changes nothing where the candidate is worse', async () => {
    decided('retrain', {
      compareWithChampion: async () => ({
        promote: false,
        reason: 'worse',
        champion: '1',
        championRmse: 1,
        candidateRmse: 2,
        hours: 24,
      }),
    });
    const result = await lab().run(monitoring, retrain);
    expect(result.retraining).toMatchObject({ promoted: false, heir: null });
    expect(lab().inputsOf('trainModel')).toHaveLength(1);
    expect(lab().inputsOf('closeRetraining')).toMatchObject([{ outcome: 'rejected', reason: 'worse' }]);
  });

  it('to retrain is closed as failed when its training fails', async () => {
    decided('retrain', {
      trainModel: async () => {
        throw new CitibikeError('TRAINING_FAILED', 'loss is NaN');
      },
    });
    expect(await lab().fails(monitoring, retrain)).toMatchObject({ type: 'TRAINING_FAILED' });
    expect(lab().inputsOf('closeRetraining')).toMatchObject([
      { outcome: 'failed', candidate: null, reason: 'loss is NaN' },
    ]);
  });

  it('to retrain is closed as failed when it is cancelled', async () => {
    decided('retrain', { trainModel: untilCancelled });
    const handle = await lab().start(monitoring, retrain);
    await expect.poll(() => lab().inputsOf('trainModel').length).toBe(1);
    await handle.cancel();
    expect(await lab().failureOf(handle)).toMatchObject({ type: 'CANCELLED' });
    expect(lab().inputsOf('closeRetraining')).toMatchObject([{ outcome: 'failed' }]);
  });
});
