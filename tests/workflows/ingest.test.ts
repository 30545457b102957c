/** Tests every branch of `ingest`: listings, files that months share, weather, and months that fail. */
import { describe, expect, it } from 'vitest';
import { CitibikeError } from '../../contracts/errors.ts';
import { ingest } from '../../workflows/ingest.ts';
import { DATASET, listingOf, refOf } from './harness/fake-activities.ts';
import { useLab, untilCancelled } from './harness/workflow-lab.ts';

const lab = useLab();
const quarter = { from: '2025-01', to: '2025-03' };

function failingMonths(...months: string[]): void {
  lab().replace({
    readArchive: async ({ month }) => {
      if (months.includes(month)) throw new CitibikeError('BAD_ARCHIVE', `${month}.zip is an HTML page`);
      return { ref: refOf(month), cached: false };
    },
  });
}

describe('months', () => {
  it('are listed twelve at a time, and each file is fetched and read once', async () => {
    const handle = await lab().start(ingest, {
      from: '2024-01',
      to: '2025-03',
      also: [{ from: '2025-01', to: '2025-03' }],
    });
    expect(await handle.result()).toMatchObject({ months: 15, missing: [], provisional: [], cached: false });
    expect(
      lab()
        .inputsOf('listSource')
        .map(({ months }) => months.length),
    ).toEqual([12, 3]);
    expect(lab().inputsOf('fetchFile')).toHaveLength(15);
    expect(lab().inputsOf('readArchive')).toHaveLength(15);
    expect(lab().inputsOf('fetchWeather')[0]!.years).toEqual([2023, 2024, 2025]);
    const { steps } = await handle.query<{ steps: object[] }>('progress');
    expect(steps).toContainEqual(expect.objectContaining({ name: 'months', done: 15, total: 15 }));
  });

  it('carry the facts of their system', async () => {
    await lab().run(ingest, { system: 'jc', ...quarter });
    expect(lab().inputsOf('resolveSystem')).toEqual([{ system: 'jc' }]);
    for (const name of ['listSource', 'fetchFile', 'fetchWeather', 'readArchive', 'preprocessMonth'] as const)
      expect(lab().inputsOf(name)[0]!.facts).toMatchObject({ id: 'jc', timeZone: 'America/New_York' });
  });

  it('of an unknown system fail at once, and the known ones are listed', async () => {
    expect(await lab().fails(ingest, { system: 'gotham', ...quarter })).toMatchObject({
      type: 'INVALID_INPUT',
      message: expect.stringMatching(/got "gotham", expected one of .*jc, nyc/) as string,
    });
    expect(lab().inputsOf('listSource')).toEqual([]);
  });

  it('of processed hours are not read as archives', async () => {
    lab().replace({
      listSource: async ({ months }) => {
        const listing = listingOf(months);
        return { ...listing, files: listing.files.map((file) => ({ ...file, kind: 'hourly' as const })) };
      },
    });
    await lab().run(ingest, quarter);
    expect(lab().inputsOf('readArchive')).toEqual([]);
    expect(lab().inputsOf('preprocessMonth')[0]!.files[0]!.kind).toBe('hourly');
  });

  it('that the source lacks are named where that is allowed', async () => {
    lab().replace({
      listSource: async () => ({
        ...listingOf(['2025-01']),
        missing: ['2025-02', '2025-03'],
        synthetic: true,
      }),
    });
    const result = await lab().run(ingest, { ...quarter, allowMissing: true });
    expect(result).toMatchObject({ months: 1, missing: ['2025-02', '2025-03'] });
    expect(lab().inputsOf('composeDataset')[0]).toMatchObject({ synthetic: true });
  });

  it('are provisional while a neighbour cannot be read', async () => {
    lab().replace({
      listSource: async () => {
        const listing = listingOf(['2025-01', '2025-02']);
        return { ...listing, months: listing.months.slice(0, 1) };
      },
    });
    lab().replace({
      fetchFile: async ({ file }) => {
        if (file.month === '2025-02') throw new CitibikeError('SOURCE_NOT_FOUND', 'gone');
        return { ref: refOf('1'), cached: false };
      },
    });
    expect(await lab().run(ingest, quarter)).toMatchObject({ months: 1, provisional: ['2025-01'] });
    expect(lab().inputsOf('preprocessMonth')[0]).toMatchObject({ complete: false, neighbours: [] });
  });

  it('are cached only where all of them and the data set were made before', async () => {
    lab().replace({
      preprocessMonth: async ({ month }) => ({
        dataset: { month, provisional: false } as never,
        digest: month,
        cached: true,
      }),
    });
    expect((await lab().run(ingest, quarter)).cached).toBe(false);
    lab().replace({
      composeDataset: async () => ({
        ...DATASET,
        weather: { filled: 0, filledDays: [], missing: 0 },
        cached: true,
      }),
    });
    expect((await lab().run(ingest, quarter)).cached).toBe(true);
  });
});

describe('sources', () => {
  it('that the input names are listed; a folder of trips also has the weather', async () => {
    await lab().run(ingest, { ...quarter, source: { trips: 'file:///tmp/trips' } });
    expect(lab().inputsOf('listSource')[0]).toMatchObject({ source: 'file:///tmp/trips' });
    expect(lab().inputsOf('fetchWeather')[0]).toMatchObject({ source: 'file:///tmp/trips' });
  });

  it('of the web do not have weather', async () => {
    await lab().run(ingest, { ...quarter, source: { trips: 'https://trips' } });
    expect(lab().inputsOf('fetchWeather')[0]).not.toHaveProperty('source');
  });

  it('of weather are listed for weather', async () => {
    await lab().run(ingest, { ...quarter, source: { weather: 'https://weather' } });
    expect(lab().inputsOf('fetchWeather')[0]).toMatchObject({ source: 'https://weather' });
    expect(lab().inputsOf('listSource')[0]).not.toHaveProperty('source');
  });
});

describe('a failure', () => {
  it('of some months names them with their reasons, and the other months are written', async () => {
    failingMonths('2025-02');
    const failure = await lab().fails(ingest, quarter);
    expect(failure.type).toBe('BAD_ARCHIVE');
    expect(failure.message).toBe(
      '1 of 3 months could not be ingested, the others are in place: 2025-02: 2025-02.zip is an HTML page',
    );
    expect(lab().inputsOf('preprocessMonth')).toHaveLength(2);
    expect(lab().inputsOf('composeDataset')).toEqual([]);
  });

  it('of many months gives twelve reasons and names the rest', async () => {
    lab().replace({
      preprocessMonth: async ({ month }) => {
        throw new CitibikeError('QUALITY_GATE', `${month} has too few rides`);
      },
    });
    const { type, message } = await lab().fails(ingest, { from: '2024-01', to: '2025-02' });
    expect(type).toBe('QUALITY_GATE');
    expect(message).toContain('14 of 14 months');
    expect(message.endsWith('; and 2025-01, 2025-02')).toBe(true);
  });

  it('of the listing stops everything', async () => {
    lab().replace({
      listSource: async () => {
        throw new CitibikeError('MISSING_MONTHS', 'no 2025-03');
      },
    });
    expect(await lab().fails(ingest, quarter)).toMatchObject({ type: 'MISSING_MONTHS' });
    expect(lab().order('fetchWeather', 'fetchFile')).toEqual([]);
  });

  it('of the weather comes after the months are in place', async () => {
    lab().replace({
      fetchWeather: async () => {
        throw new CitibikeError('SOURCE_NOT_FOUND', 'no weather of 2025');
      },
    });
    expect(await lab().fails(ingest, quarter)).toEqual({
      type: 'SOURCE_NOT_FOUND',
      message: 'no weather of 2025',
    });
    expect(lab().inputsOf('preprocessMonth')).toHaveLength(3);
  });
});

it.each([
  ['a month is made', 'preprocessMonth' as const],
  ['a file is read', 'readArchive' as const],
])('a cancellation while %s cancels the run', async (_, name) => {
  lab().replace({ [name]: untilCancelled });
  const handle = await lab().start(ingest, quarter);
  await expect.poll(() => lab().inputsOf(name).length).toBeGreaterThan(0);
  await handle.cancel();
  expect(await lab().failureOf(handle)).toMatchObject({ type: 'CANCELLED' });
  expect(lab().inputsOf('composeDataset')).toEqual([]);
});
