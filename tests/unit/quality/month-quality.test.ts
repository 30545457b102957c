import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeDatasetQuality } from '../../../activities/preprocess/dataset-quality.ts';
import { writeMonthQuality, type MonthQualityInput } from '../../../activities/preprocess/month-quality.ts';
import { reportText } from '../../../client/commands/quality.ts';
import { newestReports } from '../../../client/quality-reports.ts';
import type { ArtifactRef } from '../../../contracts/artifact.ts';
import type { MonthDataset } from '../../../contracts/frame.ts';
import { goodFacts, goodHours, MONTH } from './hand-made-month.ts';
import { MemoryStore } from './memory-store.ts';
import { monthPointer } from '../../../activities/preprocess/month-folders.ts';
import { JC } from '../../fixtures/shipped-systems.ts';

const input: MonthQualityInput = {
  facts: JC,
  rules: 'seed',
  month: MONTH,
  synthetic: false,
  hours: goodHours(),
  archives: [goodFacts()],
};
const broken: MonthQualityInput = { ...input, archives: [{ ...goodFacts(), rows: 50_001 }] };
const folder = `s3://zenml-artifacts/quality/jc/seed/${MONTH}/`;

/** Drops log messages, because these tests expect months that fail. */
const activity = () => new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });

let store: MemoryStore;
let write: (change?: Partial<MonthQualityInput>) => Promise<ArtifactRef>;
beforeEach(() => {
  store = new MemoryStore();
  const deps = { artifacts: store.asArtifacts, codeVersion: 'test' };
  write = (change = {}) => activity().run(() => writeMonthQuality(deps, { ...input, ...change }));
});

const uris = () => [...store.objects.keys()].sort();
const reportAt = (ref: ArtifactRef) =>
  store.getJson<{ previousMonth: string | null; verdict: string }>(ref.uri);

describe('writeMonthQuality', () => {
  it('writes the report, its page, and a manifest of each', async () => {
    const ref = await write();
    expect(ref.uri).toMatch(new RegExp(`^${folder}[0-9a-f]{16}/report\\.json$`));
    const stem = ref.uri.replace(/\.json$/, '');
    expect(uris()).toEqual([
      `${stem}.html`,
      `${stem}.html.manifest.json`,
      `${stem}.json`,
      `${stem}.json.manifest.json`,
    ]);
    expect(await reportAt(ref)).toMatchObject({ verdict: 'pass', month: MONTH });
  });

  it('writes the same bytes to the same address when it runs again', async () => {
    const first = await write();
    const pages = new Map([...store.objects].filter(([uri]) => !uri.endsWith('.manifest.json')));
    expect(await write()).toEqual(first);
    for (const [uri, { body }] of pages) expect(store.objects.get(uri)?.body).toEqual(body);
    expect(store.objects.size).toBe(4);
  });

  it('keeps the report of a month that fails, and names its address', async () => {
    await expect(write(broken)).rejects.toThrowError(
      expect.objectContaining({
        code: 'QUALITY_GATE',
        message: expect.stringContaining(`Report: ${folder}`) as string,
      }),
    );
    const page = uris().find((uri) => uri.endsWith('.html'))!;
    expect(Buffer.from(await store.get(page)).toString()).toContain('unaccounted_rows');
  });

  it('compares with the facts that the caller gives of the month before', async () => {
    const ref = await write({ previous: { archives: [{ ...goodFacts(), kept: 24_500 }] } });
    expect(await reportAt(ref)).toMatchObject({ previousMonth: '2024-03', verdict: 'pass' });
  });

  it('finds the report of the month before by its pointer if the caller gives none', async () => {
    const march = goodHours().map((row) => ({ ...row, date: row.date.replace('-04-', '-03-') }));
    const complete = [...march, ...march.slice(0, 24).map((row) => ({ ...row, date: '2024-03-31' }))].filter(
      ({ date, hour }) => !(date === '2024-03-10' && hour === 2),
    );
    const ref = await write({ month: '2024-03', hours: complete, previous: {} });
    const pointer: Partial<MonthDataset> = {
      system: 'jc',
      rules: 'seed',
      month: '2024-03',
      ref,
      quality: ref,
    };
    await store.put(
      monthPointer('citibike-data', { system: 'jc', rules: 'seed', month: '2024-03', synthetic: false }),
      JSON.stringify(pointer),
    );
    expect(await reportAt(await write())).toMatchObject({ previousMonth: '2024-03' });
  });

  it('keeps the synthetic system separate', async () => {
    expect((await write({ synthetic: true })).uri).toContain('/quality/jc-synthetic/seed/');
  });
});

describe('writeDatasetQuality', () => {
  const NO_DAYS = { filledDays: [], missingDays: [] };
  const manifest = (quality: ArtifactRef | null) => ({
    schemaVersion: 1 as const,
    system: 'jc' as const,
    rules: 'seed' as const,
    months: [{ month: MONTH, quality } as MonthDataset],
    weather: [],
    synthetic: false,
  });

  it('writes one report over the months, the same when it runs again', async () => {
    const quality = await write();
    const run = (): Promise<ArtifactRef> =>
      activity().run(async () => {
        const ref = await writeDatasetQuality(
          { artifacts: store.asArtifacts, codeVersion: 'test' },
          manifest(quality),
          NO_DAYS,
        );
        return ref!;
      });
    const ref = await run();
    expect(await run()).toEqual(ref);
    expect(ref.uri).toMatch(/^s3:\/\/zenml-artifacts\/quality\/jc\/seed\/datasets\//);
    expect(await store.getJson(ref.uri)).toMatchObject({ months: [{ month: MONTH, rejectedShare: 0.02 }] });
  });

  it('writes nothing if no month has a report', async () => {
    const made = await activity().run(() =>
      writeDatasetQuality({ artifacts: store.asArtifacts, codeVersion: 'test' }, manifest(null), NO_DAYS),
    );
    expect(made).toBeNull();
    expect(store.objects.size).toBe(0);
  });
});

describe('citibike quality', () => {
  const newest = (month?: string) =>
    newestReports(store.asObjectStore, {
      systems: ['nyc', 'jc'],
      rules: 'seed',
      month,
    });

  it('finds the newest report of the newest month, also one that failed', async () => {
    await write();
    await write(broken).catch(() => undefined);
    const [found] = await newest();
    expect(found?.report).toMatchObject({ month: MONTH, verdict: 'fail' });
  });

  it('prints check, value, bound and state', async () => {
    await write(broken).catch(() => undefined);
    const text = reportText((await newest(MONTH))[0]!);
    expect(text).toMatch(/^jc 2024-04: fail \(rules 'standard', no previous month to compare with\)/);
    expect(text).toMatch(/^unaccounted_rows +1 +at most 0 +fail/m);
    expect(text).toMatch(/^rejected_share +0\.02 +at most 0\.1 +pass/m);
    expect(text).toMatch(/^trips_change +- +from -0\.5 to 1 +unknown/m);
  });

  it('says what to do if there is no report', async () => {
    await expect(newest('2030-01')).rejects.toThrow(/no quality report of nyc or jc 2030-01 .*ingest/);
  });
});
