/** Tests that no data after the training span reach a model through hours, weather, scaling, growth or calibration. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { Value } from 'typebox/value';
import { afterAll, expect, test } from 'vitest';
import { createBuildFrame } from '../../activities/preprocess/build-frame.ts';
import { createTrainModel } from '../../activities/train/train-model.ts';
import { writeHoursFile } from '../../adapters/duckdb/hours-files.ts';
import { HyperParameters } from '../../contracts/hyper-parameters.ts';
import type { DatasetManifest, FrameRow, MonthDataset } from '../../contracts/frame.ts';
import { seededRandom } from '../../core/random.ts';
import { madeUpFrame } from '../unit/serving/tiny-network.ts';
import { testDependencies } from '../fixtures/test-dependencies.ts';
import type { FrameSummary } from '../../contracts/activities/preprocess.ts';
import type { ModelFolder, TrainedModel } from '../../contracts/activities/train.ts';

const prefix = `test-leak-${randomUUID().slice(0, 8)}`;
const { artifacts, close, deps } = testDependencies(prefix, { tfBackend: 'wasm' });
const buildFrame = createBuildFrame(deps);
const trainModel = createTrainModel(deps);

const SPAN = { from: '2024-01', to: '2024-02' };
const LAST_DAY = '2024-02-29';
const HOURS = madeUpFrame(24 * 91); // to the end of March

afterAll(async () => {
  await close();
});

/** Returns the same hours and weather, with noise after the last day of training. */
function noisyAfterwards(rows: readonly FrameRow[]): FrameRow[] {
  const random = seededRandom(99);
  return rows.map((row) =>
    row.date <= LAST_DAY
      ? row
      : {
          ...row,
          trips: Math.round(50_000 * random()),
          TMAX: 60 + Math.round(50 * random()),
          TMIN: Math.round(50 * random()),
          PRCP: Math.round(5 * random()),
          AWND: Math.round(30 * random()),
        },
  );
}

/** Writes a data set of three months and one CSV of the year's weather, as `ingest` does. */
async function datasetOf(rows: readonly FrameRow[]) {
  const producer = { workflowId: prefix, runId: 'run', step: 'dataset', codeVersion: 'test' };
  const common = { schemaVersion: 1, inputs: [], parameters: {}, synthetic: true };
  const dir = await mkdtemp(path.join(tmpdir(), 'citibike-test-'));
  try {
    const months: MonthDataset[] = [];
    for (const [month, hours] of Map.groupBy(rows, ({ date }) => date.slice(0, 7))) {
      const file = path.join(dir, `${month}.parquet`);
      await writeHoursFile(file, hours);
      const ref = await artifacts.write(producer, {
        ...common,
        name: `${month}.parquet`,
        content: { file },
        rows: hours.length,
      });
      const counts = { trips: hours.reduce((sum, { trips }) => sum + trips, 0), hours: hours.length };
      months.push({
        ...{ system: 'nyc', rules: 'seed', month, ref, flows: null, quality: null, ...counts },
        provisional: false,
        synthetic: true,
      });
    }
    const days = rows.filter(({ hour }) => hour === 0);
    const lines = days.map(({ date, AWND, PRCP, SNOW, SNWD, TMAX, TMIN }) =>
      [date, AWND, PRCP, SNOW, SNWD, '', TMAX, TMIN].join(','),
    );
    const content = Buffer.from(['DATE,AWND,PRCP,SNOW,SNWD,TAVG,TMAX,TMIN', ...lines, ''].join('\n'));
    const weather = await artifacts.write(producer, {
      ...common,
      name: '2024.csv',
      content,
      rows: days.length,
    });
    const manifest: DatasetManifest = {
      ...{ schemaVersion: 1, system: 'nyc', rules: 'seed', synthetic: true },
      months,
      weather: [{ year: 2024, ref: weather }],
    };
    return await artifacts.write(producer, {
      ...common,
      name: 'dataset.json',
      content: Buffer.from(JSON.stringify(manifest)),
    });
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function filesTrainedOn(rows: readonly FrameRow[]): Promise<Record<string, string>> {
  const environment = () => new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const dataset = await datasetOf(rows);
  // The model is made again, so that no cache hides a difference.
  const frame: FrameSummary = await environment().run(buildFrame, { dataset, span: SPAN, cache: false });
  const config = {
    ...({ system: 'nyc', featureSet: 'demand', seed: 42, span: SPAN, synthetic: true } as const),
    hyperParameters: { ...Value.Create(HyperParameters), epochs: 2 },
  };
  const input = { frame: frame.ref, config, cache: false };
  const trained: TrainedModel = await environment().run(trainModel, input);
  const { files } = await artifacts.readJson<ModelFolder>(trained.model);
  return Object.fromEntries(Object.entries(files).map(([name, { sha256 }]) => [name, sha256]));
}

test('noise after the training span changes no byte of weights, scaling, growth, calibration or any other file', async () => {
  const plain = await filesTrainedOn(HOURS);
  expect(Object.keys(plain)).toEqual(expect.arrayContaining(['weights.bin', 'spec.json', 'oof.json']));
  expect(await filesTrainedOn(noisyAfterwards(HOURS))).toEqual(plain);
});

test('noise within the span changes them', async () => {
  const changed = HOURS.map((row, i) => (i === 100 ? { ...row, trips: row.trips + 1000 } : row));
  const [before, after] = [await filesTrainedOn(HOURS), await filesTrainedOn(changed)];
  expect(after['weights.bin']).not.toBe(before['weights.bin']);
});
