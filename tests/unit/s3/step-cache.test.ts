import { beforeEach, describe, expect, test } from 'vitest';
import { advancePointer, readPointer } from '../../../activities/common/pointer.ts';
import { ArtifactStore, digestOf, type NewArtifact } from '../../../adapters/s3/artifact-store.ts';
import { ObjectStore, type ObjectInfo, type PutOptions } from '../../../adapters/s3/object-store.ts';
import type { ArtifactRef } from '../../../contracts/artifact.ts';
import { CitibikeError } from '../../../contracts/errors.ts';

const BUCKETS = { artifacts: 'artifacts', mlflow: 'mlflow', data: 'data' };

/** Keeps objects in memory. */
class MemoryObjects extends ObjectStore {
  readonly content = new Map<string, Uint8Array>();

  constructor() {
    super({ endpoint: undefined, region: 'us-east-1', credentials: undefined, buckets: BUCKETS });
  }

  override async put(uri: string, body: Uint8Array | string, options: PutOptions = {}): Promise<string> {
    if (options.ifAbsent && this.content.has(uri)) throw new CitibikeError('CONFLICT', `${uri} exists`);
    this.content.set(uri, Buffer.from(body));
    return digestOf(uri);
  }

  override async head(uri: string): Promise<ObjectInfo | undefined> {
    const body = this.content.get(uri);
    return body && { uri, bytes: body.length, etag: digestOf(uri), modified: new Date(0) };
  }

  override async getWithEtag(uri: string): Promise<{ body: Uint8Array; etag: string }> {
    const body = this.content.get(uri);
    if (!body) throw new CitibikeError('SOURCE_NOT_FOUND', `${uri} does not exist`);
    return { body, etag: digestOf(uri) };
  }
}

const PRODUCER = { workflowId: 'run', runId: '1', step: 'step', codeVersion: 'test' };

let objects: MemoryObjects;
let artifacts: ArtifactStore;
let made: number;

beforeEach(() => {
  objects = new MemoryObjects();
  artifacts = new ArtifactStore(objects);
  made = 0;
});

function write(name: string): Promise<ArtifactRef> {
  const artifact: Omit<NewArtifact, 'content'> = {
    name,
    schemaVersion: 1,
    inputs: [],
    parameters: {},
    synthetic: false,
  };
  return artifacts.writeJson(PRODUCER, { name }, artifact);
}

interface Step {
  readonly report: ArtifactRef;
  readonly pictures: { readonly page: ArtifactRef | null }[];
}

async function step(use = true): Promise<{ value: Step; cached: boolean }> {
  return artifacts.cached('step', { version: 1 }, use, async () => {
    made += 1;
    return { report: await write('report'), pictures: [{ page: await write('page') }, { page: null }] };
  });
}

describe('the step cache', () => {
  test('runs a step once', async () => {
    expect((await step()).cached).toBe(false);
    expect((await step()).cached).toBe(true);
    expect(made).toBe(1);
  });

  test('runs it again when the cache is off', async () => {
    await step();
    expect((await step(false)).cached).toBe(false);
    expect(made).toBe(2);
  });

  test.each([
    ['its artifact', ({ report }: Step) => report],
    ['an artifact deep in its answer', ({ pictures }: Step) => pictures[0]!.page!],
  ])('runs it again after %s was deleted, and then keeps the new entry', async (_, refOf) => {
    const { value } = await step();
    objects.content.delete(refOf(value).uri);
    expect((await step()).cached).toBe(false);
    expect(objects.content.has(refOf(value).uri)).toBe(true);
    expect((await step()).cached).toBe(true);
    expect(made).toBe(2);
  });

  test('keeps the answer of the first caller to finish', async () => {
    const first = await artifacts.cached('step', 'key', true, async () => {
      await artifacts.cached('step', 'key', true, async () => ({ by: 'another' }));
      return { by: 'this one' };
    });
    expect(first).toEqual({ value: { by: 'another' }, cached: true });
  });
});

describe('a pointer', () => {
  const uri = 's3://data/current.json';

  test('is empty after its artifact was deleted', async () => {
    const ref = await write('month');
    await advancePointer(objects, uri, { month: '2025-01', ref });
    expect(await readPointer(objects, uri)).toEqual({ month: '2025-01', ref });
    objects.content.delete(ref.uri);
    expect(await readPointer(objects, uri)).toBeUndefined();
  });

  test('is empty if it does not exist', async () => {
    expect(await readPointer(objects, uri)).toBeUndefined();
  });
});
