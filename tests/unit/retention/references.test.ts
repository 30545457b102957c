import type { Client } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { addressesIn } from '../../../activities/retention/references.ts';
import { RunReferences } from '../../../activities/retention/run-references.ts';
import { VersionReferences } from '../../../activities/retention/version-references.ts';
import type { ModelVersion } from '../../../adapters/mlflow/model-registry.ts';
import type { Run } from '../../../adapters/mlflow/runs.ts';
import { CitibikeError } from '../../../contracts/errors.ts';

async function all(found: AsyncIterable<readonly string[]>): Promise<string[]> {
  const uris: string[] = [];
  for await (const some of found) uris.push(...some);
  return [...new Set(uris)].sort();
}

describe('addresses in JSON', () => {
  it.each([
    ['a string', '{"uri":"s3://a/b.json"}', 's3://a/b.json'],
    [
      'a name with blanks, quotes and backslashes',
      JSON.stringify({ uri: 's3://a/b "c\\d".zip' }),
      's3://a/b "c\\d".zip',
    ],
    ['JSON in a string', JSON.stringify({ text: JSON.stringify({ uri: 's3://a/b' }) }), 's3://a/b'],
    ['a sentence', '{"error":"not found: s3://a/b"}', 's3://a/b'],
  ])('are found in %s', (_, json, uri) => {
    expect(addressesIn(json)).toContain(uri);
  });

  it('do not fail on a text that is cut', () => {
    expect(() => addressesIn('\\"s3://a/b\\x"')).not.toThrow();
  });
});

const payload = (value: unknown) => ({
  payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(JSON.stringify(value)) }],
});

interface FakeRun {
  status: 'RUNNING' | 'COMPLETED';
  events: object[];
  heartbeat?: unknown;
}

/** Returns a client of runs that tests change, and counts reads of histories. */
function fakeTemporal(runs: Record<string, FakeRun>) {
  const read: string[] = [];
  const client = {
    options: { namespace: 'default' },
    workflow: {
      list: async function* () {
        for (const [workflowId, { status }] of Object.entries(runs))
          yield { workflowId, runId: '1', startTime: new Date(workflowId.length), status: { name: status } };
      },
    },
    workflowService: {
      describeWorkflowExecution: async ({
        execution: { workflowId },
      }: {
        execution: { workflowId: string };
      }) => {
        const run = runs[workflowId]!;
        const pendingActivities = run.heartbeat ? [{ heartbeatDetails: payload(run.heartbeat) }] : [];
        return { workflowExecutionInfo: { historyLength: run.events.length }, pendingActivities };
      },
      getWorkflowExecutionHistory: async ({
        execution: { workflowId },
        nextPageToken,
      }: {
        execution: { workflowId: string };
        nextPageToken?: Uint8Array;
      }) => {
        const page = nextPageToken?.[0] ?? 0;
        if (page === 0) read.push(workflowId);
        const { events } = runs[workflowId]!;
        const isLast = page >= events.length - 1;
        return {
          history: { events: events.slice(page, page + 1) },
          nextPageToken: isLast ? [] : Uint8Array.of(page + 1),
        };
      },
    },
  };
  return { client: client as unknown as Client, read };
}

describe('references of runs', () => {
  it('are in inputs, results and heartbeats, on every page of the history', async () => {
    const { client } = fakeTemporal({
      open: {
        status: 'RUNNING',
        events: [
          {
            workflowExecutionStartedEventAttributes: { input: payload({ dataset: { uri: 's3://a/input' } }) },
          },
          { activityTaskCompletedEventAttributes: { result: payload({ ref: { uri: 's3://a/result' } }) } },
        ],
        heartbeat: { checkpoint: 's3://a/checkpoints/x' },
      },
    });
    const runs = new RunReferences(client, 'artifacts', new Date(0));
    expect(await all(runs.changed())).toEqual([
      's3://a/checkpoints/x',
      's3://a/input',
      's3://a/result',
      's3://artifacts/open',
    ]);
    expect(runs.oldestOpenStart).toEqual(new Date(4));
  });

  it('are read again only after a run progressed, and once more after it closed', async () => {
    const runs: Record<string, FakeRun> = {
      open: { status: 'RUNNING', events: [{}] },
      done: { status: 'COMPLETED', events: [{}] },
    };
    const { client, read } = fakeTemporal(runs);
    const references = new RunReferences(client, 'artifacts', new Date(0));
    await all(references.changed());
    await all(references.changed());
    expect(read).toEqual(['open', 'done']);
    runs['open'] = { status: 'COMPLETED', events: [{}, { result: payload({ uri: 's3://a/late' }) }] };
    runs['new'] = { status: 'RUNNING', events: [{ input: payload('s3://a/new') }] };
    expect(await all(references.changed())).toEqual(['s3://a/late', 's3://a/new', 's3://artifacts/new']);
    expect(read).toEqual(['open', 'done', 'open', 'new']);
    expect(references.oldestOpenStart).toEqual(new Date(3));
  });

  it('fail as a whole if Temporal does not answer, so that nothing is removed', async () => {
    const client = {
      workflow: {
        list: () => {
          throw new Error('unavailable');
        },
      },
    } as unknown as Client;
    const found = all(new RunReferences(client, 'artifacts', new Date(0)).changed());
    await expect(found).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});

describe('references of versions', () => {
  const version = (number: string, tags: Record<string, string>) =>
    ({ version: number, runId: `run-${number}`, tags }) as unknown as ModelVersion;

  function fakeMlflow(versions: ModelVersion[]) {
    const runs: Record<string, Partial<Run>> = {
      'run-1': {
        tags: { 'citibike.workflow_id': 'training-1', note: 's3://a/run-tag' },
        params: { file: 's3://a/param' },
      },
      'search-1': { tags: { state: 's3://a/search' }, params: {} },
    };
    return {
      registry: { searchModels: async () => [{ name: 'm' }], searchVersions: async () => versions },
      runs: {
        get: async (id: string) => {
          if (runs[id]) return runs[id];
          throw new CitibikeError('MODEL_NOT_FOUND', `no run ${id}`);
        },
      },
    } as unknown as ConstructorParameters<typeof VersionReferences>[0];
  }

  it('are in tags of the version, of its run and of its search, with the folder of its training', async () => {
    const versions = [version('1', { folder: 's3://a/model.json', 'citibike.search_run': 'search-1' })];
    const references = new VersionReferences(fakeMlflow(versions), 'artifacts');
    expect(await all(references.changed())).toEqual([
      's3://a/model.json',
      's3://a/param',
      's3://a/run-tag',
      's3://a/search',
      's3://artifacts/training-1',
    ]);
    versions.push(version('2', { folder: 's3://a/second.json' }));
    expect(await all(references.changed())).toEqual(['s3://a/second.json']);
  });
});
