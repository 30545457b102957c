/** Tests retention on the stack's S3, Temporal and MLflow, with time that passes faster. */
import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RetentionActivities } from '../../contracts/activities/retention.ts';
import { createRetentionActivities } from '../../activities/retention/index.ts';
import { MlflowClient } from '../../adapters/mlflow/mlflow-client.ts';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { DAY_MS } from '../../contracts/calendar.ts';
import { RETAINED_KINDS } from '../../contracts/workflows/retention.ts';
import { loadSettings } from '../../settings.ts';
import { ownBuckets } from '../fixtures/own-buckets.ts';
import { run, type Unbound } from '../fixtures/run-activity.ts';

const settings = loadSettings();
const { artifacts, objects, buckets } = ownBuckets();
const mlflow = new MlflowClient(settings.mlflow);
const model = `retention-${randomUUID().slice(0, 8)}`;
const LIMITS = { artifactDays: 90, reportDays: 365, stepLogDays: 30 };

let client: Client;
let connection: Connection;

beforeAll(async () => {
  ({ client, connection } = await connectClient(settings.temporal));
});
afterAll(async () => {
  await mlflow.registry.deleteModel(model);
  await connection.close();
});

function write(name: string, inputs: ArtifactRef[] = []): Promise<ArtifactRef> {
  const producer = { workflowId: `old-${name}`, runId: '1', step: 'train', codeVersion: 'test' };
  return artifacts.writeJson(
    producer,
    { name },
    { name, schemaVersion: 1, inputs, parameters: {}, synthetic: true },
  );
}

it('removes what nothing refers to, and keeps what a version, an open run or a cached result in use needs', async () => {
  const experimentId = await mlflow.experiments.ensure(model);
  const mlflowRun = await mlflow.runs.create({ experimentId, name: 'run', startedAt: Date.now(), tags: {} });
  const raw = await write('raw.json');
  const registered = await write('registered.json', [raw]);
  const opened = await write('opened.json', [await write('input-of-opened.json')]);
  const unused = await write('unused.json');
  const cached = await artifacts.cached('test', { key: 1 }, true, async () => ({ unused }));
  expect(cached.cached).toBe(false);
  await mlflow.registry.ensureModel(model, 'a test');
  await mlflow.registry.createVersion({
    model,
    source: mlflowRun.artifactUri,
    runId: mlflowRun.runId,
    modelId: '',
    description: '',
    tags: { 'citibike.model_folder': registered.uri },
  });
  // No worker polls this task queue, so the run stays open.
  const handle = await client.workflow.start('training', {
    taskQueue: `nobody-${model}`,
    workflowId: `open-${model}`,
    args: [{ dataset: opened }],
  });
  try {
    const later = () => new Date(Date.now() + 400 * DAY_MS);
    const deps = { artifacts, mlflow, codeVersion: 'test' };
    const activities: Unbound<RetentionActivities> = createRetentionActivities(deps, later);
    // Other tests leave runs open, and what was written since an open run began stays.
    const list = () => client.workflow.list({ query: `WorkflowId = '${handle.workflowId}'` });
    const alone = Object.create(client, { workflow: { value: { list } } }) as Client;
    const environment = new MockActivityEnvironment(
      {},
      { client: alone, logger: new DefaultLogger('ERROR') },
    );
    // Visibility lists a new run within moments.
    await expect
      .poll(async () => (await client.workflow.count(`WorkflowId = '${handle.workflowId}'`)).count, {
        timeout: 20_000,
      })
      .toBe(1);
    const { plan, planned, cutoffs } = await run(activities.planRetention, LIMITS, environment);
    expect(planned).toMatchObject({ artifact: { objects: 1 }, 'cache-entry': { objects: 1 } });
    const removal = { plan, cutoffs, kinds: RETAINED_KINDS };
    const { removed, spared } = await run(activities.removePlanned, removal, environment);
    expect({ removed, spared }).toEqual({ removed: planned, spared: 0 });
    expect(await artifacts.has(unused.uri)).toBe(false);
    const kept = [raw, registered, opened, plan];
    expect(await Promise.all(kept.map(({ uri }) => artifacts.has(uri)))).toEqual([true, true, true, true]);
    const keys: string[] = [];
    for await (const { uri } of objects.list(`s3://${buckets.artifacts}/`)) keys.push(uri);
    expect(keys.filter((uri) => uri.includes('unused') || uri.includes('step-cache'))).toEqual([]);
    expect(keys.some((uri) => uri.endsWith('/input-of-opened.json'))).toBe(true);
  } finally {
    await handle.terminate('end of the test');
  }
});
