import { beforeEach, describe, expect, it } from 'vitest';
import { daysAgo, digest, putArtifact, remove, TestRoots, withPlan } from './retention-lab.ts';
import { MemoryObjects } from './memory-objects.ts';

let objects: MemoryObjects;
let roots: TestRoots;

beforeEach(() => {
  objects = new MemoryObjects();
  roots = new TestRoots();
});

const artifactUri = (name: string, n = 1): string => `s3://artifacts/training-1/train/${digest(n)}/${name}`;
const entryUri = (n: number): string =>
  `s3://artifacts/step-cache/train/${n.toString(16).padStart(64, '0')}.json`;

async function plannedUris(): Promise<string[]> {
  return withPlan(objects, roots, async (_, planned) => planned.map(({ uri }) => uri));
}

describe('the plan', () => {
  it('lists old objects of each kind with size and reason', async () => {
    putArtifact(objects, artifactUri('model.bin'));
    putArtifact(objects, `s3://artifacts/run/drift/${digest(2)}/report.json`, { age: 400 });
    objects.put('s3://artifacts/checkpoints/abc/epoch-0001-attempt-1.ckpt', {}, daysAgo(100));
    objects.put(
      `s3://artifacts/run/logs/${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}/5-1.log`,
      {},
      daysAgo(40),
    );
    objects.put(entryUri(1), { rmse: 1 }, daysAgo(100));
    const planned = await withPlan(objects, roots, async (_, lines) => lines);
    expect(planned.map(({ kind }) => kind)).toEqual([
      'cache-entry',
      'checkpoint',
      'report',
      'step-log',
      'artifact',
    ]);
    const artifact = planned.at(-1)!;
    expect(artifact).toMatchObject({ uri: artifactUri('model.bin'), modified: daysAgo(200).toISOString() });
    expect(artifact.bytes).toBeGreaterThan(1_000);
    expect(planned.every(({ reason }) => reason.length > 10)).toBe(true);
  });

  it('omits what is younger than its limit', async () => {
    putArtifact(objects, artifactUri('model.bin'), { age: 89 });
    putArtifact(objects, `s3://artifacts/quality/nyc/seed/2025-01/${digest(1)}/report.json`, { age: 364 });
    objects.put(entryUri(1), {}, daysAgo(89));
    expect(await plannedUris()).toEqual([]);
  });

  it('omits the lineage of a young artifact, by manifest, by content and by a name with quotes', async () => {
    const raw = putArtifact(objects, `s3://data/raw/tripdata/nyc/2024/${digest(1)}/a "b".zip`);
    const list = putArtifact(objects, artifactUri('files.json'), { content: { files: [{ uri: raw }] } });
    putArtifact(objects, artifactUri('report.bin', 9), { age: 1, inputs: [list] });
    expect(await plannedUris()).toEqual([]);
  });

  it('omits the page of a report in use', async () => {
    const json = putArtifact(objects, `s3://artifacts/quality/nyc/seed/2025-01/${digest(1)}/report.json`, {
      age: 900,
    });
    putArtifact(objects, json.replace('.json', '.html'), { age: 900 });
    roots.add(json);
    expect(await plannedUris()).toEqual([]);
  });

  it('omits everything below a folder that is in use, with its lineage', async () => {
    const input = putArtifact(objects, `s3://artifacts/ingest-1/frame/${digest(3)}/frame.parquet`);
    putArtifact(objects, artifactUri('model.bin'), { inputs: [input] });
    roots.add('s3://artifacts/training-1');
    expect(await plannedUris()).toEqual([]);
  });

  it('keeps the newest composed data set of each system', async () => {
    const dataset = (n: number, system: string, age: number): string =>
      putArtifact(objects, `s3://artifacts/ingest-${n}/compose/${digest(n)}/dataset.json`, {
        age,
        parameters: { system, rules: 'seed' },
      });
    const superseded = dataset(1, 'nyc', 300);
    dataset(2, 'nyc', 200);
    dataset(3, 'jc', 400);
    expect(await plannedUris()).toEqual([superseded]);
  });

  it('keeps a cached result only while all its artifacts stay', async () => {
    const used = putArtifact(objects, artifactUri('used.bin'));
    const unused = putArtifact(objects, artifactUri('unused.bin', 2));
    const reference = (uri: string) => ({ uri, sha256: 'ab' });
    objects.put(entryUri(1), reference(used), daysAgo(100));
    objects.put(entryUri(2), { a: reference(used), b: [reference(unused)] }, daysAgo(100));
    roots.add(used);
    expect(await plannedUris()).toEqual([entryUri(2), unused]);
  });

  it('keeps the description of a month only while its data set stays', async () => {
    const month = 's3://data/datasets/months/nyc/seed/2025-01';
    const newest = putArtifact(objects, `${month}/${digest(1)}.parquet`);
    const superseded = putArtifact(objects, `${month}/${digest(2)}.parquet`);
    objects.put(`${month}/${digest(3)}.dataset.json`, { ref: { uri: newest } }, daysAgo(100));
    objects.put(`${month}/${digest(4)}.dataset.json`, { ref: { uri: superseded } }, daysAgo(100));
    objects.put(`${month}/current.json`, { ref: { uri: newest } }, daysAgo(100));
    roots.add(newest);
    expect(await plannedUris()).toEqual([superseded, `${month}/${digest(4)}.dataset.json`]);
  });

  it('keeps files that retention does not know', async () => {
    const keys = [
      'artifacts/notes.txt',
      'artifacts/run/train/model.bin',
      'data/hours.csv',
      'mlflow/1/model.bin',
    ];
    for (const key of keys) objects.put(`s3://${key}`, {}, daysAgo(5_000));
    putArtifact(objects, 's3://data/datasets/processed/citibike/2024-citibike-tripdata.parquet', {
      age: 5_000,
    });
    putArtifact(objects, 's3://data/predictions/out.csv', { age: 5_000 });
    expect(await plannedUris()).toEqual([]);
  });
});

describe('the removal', () => {
  it('removes artifacts with their manifests, and counts them', async () => {
    putArtifact(objects, artifactUri('model.bin'));
    const state = await withPlan(objects, roots, (file) => remove(objects, roots.again(), file));
    expect(objects.uris).toEqual([]);
    expect(state).toMatchObject({ line: 1, spared: 0, removed: { artifact: { objects: 1 } } });
  });

  it('removes only the asked kinds', async () => {
    putArtifact(objects, artifactUri('model.bin'));
    objects.put(entryUri(1), {}, daysAgo(100));
    await withPlan(objects, roots, (file) =>
      remove(objects, roots.again(), file, { kinds: ['cache-entry'] }),
    );
    expect(objects.has(entryUri(1))).toBe(false);
    expect(objects.has(artifactUri('model.bin'))).toBe(true);
  });

  it('spares what a run that began after the plan refers to, with its lineage', async () => {
    const input = putArtifact(objects, artifactUri('input.bin', 2));
    const output = putArtifact(objects, artifactUri('output.bin', 3), { inputs: [input] });
    const state = await withPlan(objects, roots, (file) => {
      const later = roots.again();
      let looks = 0;
      later.beforeLook = () => {
        looks += 1;
        // The first look marks; the second comes before the batch.
        if (looks === 2) later.add(output);
      };
      return remove(objects, later, file);
    });
    expect(state).toMatchObject({ spared: 2, removed: { artifact: { objects: 0 } } });
    expect(objects.has(input) && objects.has(output)).toBe(true);
  });

  it('spares what was written again after the plan', async () => {
    const uri = putArtifact(objects, artifactUri('model.bin'));
    const state = await withPlan(objects, roots, (file) => {
      putArtifact(objects, uri, { age: 0 });
      return remove(objects, roots.again(), file);
    });
    expect(state.spared).toBe(1);
    expect(objects.has(uri)).toBe(true);
  });

  it('resumes after the last finished batch of an attempt that died', async () => {
    for (let n = 1; n <= 250; n++) putArtifact(objects, artifactUri('model.bin', n));
    await withPlan(objects, roots, async (file) => {
      const states: { line: number }[] = [];
      const died = remove(objects, roots.again(), file, {
        each: (state) => {
          states.push(state);
          if (states.length === 2) throw new Error('killed');
        },
      });
      await expect(died).rejects.toThrow('killed');
      expect(states.map(({ line }) => line)).toEqual([100, 200]);
      const state = await remove(objects, roots.again(), file, { from: states[1] as never });
      expect(state).toMatchObject({ line: 250, removed: { artifact: { objects: 250 } } });
    });
    expect(objects.uris).toEqual([]);
  });

  it('may run twice', async () => {
    putArtifact(objects, artifactUri('model.bin'));
    await withPlan(objects, roots, async (file) => {
      await remove(objects, roots.again(), file);
      expect((await remove(objects, roots.again(), file)).removed.artifact.objects).toBe(1);
    });
  });
});
