import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRolloutActivities } from '../../activities/rollout/index.ts';
import {
  desiredState,
  liveProcesses,
  removeProcess,
  reportProcess,
  setDesired,
  preloadVersion,
  type ServingProcess,
} from '../../adapters/postgres/serving.ts';
import { loadSettings } from '../../settings.ts';
import { stackDependencies } from '../fixtures/stack-dependencies.ts';
import { flatModelFiles } from '../fixtures/flat-model.ts';
import { queryAsOwner } from '../fixtures/query-as-owner.ts';

const prefix = `test-rollout-${randomUUID().slice(0, 8)}`;
const settings = loadSettings();
const deps = stackDependencies(settings, prefix);
const { database, mlflow } = deps;
const activities = createRolloutActivities(deps);
const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
const inActivity = <T>(work: () => Promise<T>) => environment.run<[], T, () => Promise<T>>(work);
const prove = (input: { model: string; version: string }) => inActivity(() => activities.proveVersion(input));
const awaitServed = (input: { model: string; generation: number; version: string }) =>
  inActivity(() => activities.awaitServed(input));

let model: string;
let count = 0;
const models: string[] = [];
let experimentId: string;
const running: ProcessStandIn[] = [];

/** Updates the table as a process of the prediction service does, with the given reports about versions. */
class ProcessStandIn {
  readonly #timer: NodeJS.Timeout;
  #state: ServingProcess;

  constructor(address: string, failing: Readonly<Record<string, string>> = {}) {
    this.#state = {
      instanceId: randomUUID(),
      model,
      address,
      pid: 1,
      generation: null,
      servedVersion: null,
      provenVersion: null,
      failedVersion: null,
      failure: null,
    };
    this.#timer = setInterval(() => void this.beat(failing), 200);
    running.push(this);
  }

  async beat(failing: Readonly<Record<string, string>> = {}): Promise<void> {
    const wanted = await desiredState(database, this.#state.model);
    const preloaded = wanted?.preloadedVersion ?? null;
    const failure = preloaded === null ? undefined : failing[preloaded];
    if (preloaded !== null && failure) this.#state = { ...this.#state, failedVersion: preloaded, failure };
    else if (preloaded !== null) this.#state = { ...this.#state, provenVersion: preloaded };
    if (wanted?.desiredVersion) {
      const { desiredVersion: servedVersion, generation } = wanted;
      this.#state = { ...this.#state, servedVersion, generation };
    }
    await reportProcess(database, this.#state);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await removeProcess(database, this.#state.instanceId);
  }
}

async function startProcess(address: string, failing?: Readonly<Record<string, string>>) {
  await new ProcessStandIn(address, failing).beat(failing);
}

beforeAll(async () => {
  experimentId = await mlflow.experiments.ensure(prefix);
});

beforeEach(async () => {
  await Promise.all(running.splice(0).map((process) => process.stop()));
  model = `${prefix}-${count++}`;
  models.push(model);
  await mlflow.registry.ensureModel(model, 'a test');
  // Version 1 is a valid model; version 2 answers its golden request with another number than its spec has.
  for (const trips of [100, 200]) {
    const logged = await mlflow.loggedModels.create({
      experimentId,
      name: 'flat',
      runId: '',
      tags: {},
      params: {},
    });
    const files = flatModelFiles(trips);
    const spec = Buffer.from(files['spec.json']!).toString();
    if (trips === 200) files['spec.json'] = Buffer.from(spec.replace('"prediction":200', '"prediction":201'));
    for (const [path, bytes] of Object.entries(files)) {
      await mlflow.artifacts.put(logged.artifactUri, path, bytes);
    }
    await mlflow.loggedModels.finalize(logged.modelId);
    await mlflow.registry.createVersion({
      model,
      source: `models:/${logged.modelId}`,
      runId: '',
      modelId: logged.modelId,
      description: '',
      tags: {},
    });
  }
});

afterAll(async () => {
  await Promise.all(running.map((process) => process.stop()));
  for (const each of models) await mlflow.registry.deleteModel(each).catch(() => undefined);
  await mlflow.experiments.delete(experimentId);
  await queryAsOwner('DELETE FROM serving_generation WHERE model = ANY($1)', [models]);
  await queryAsOwner('DELETE FROM serving_process WHERE model = ANY($1)', [models]);
  await database.close();
});

describe('the desired state', () => {
  it('grows its generation only when the version changes', async () => {
    const generations = [];
    for (const version of ['1', '1', '2', '1']) {
      generations.push((await setDesired(database, model, version, 'why')).generation);
    }
    expect(generations).toEqual([1, 1, 2, 3]);
  });

  it('keeps the desired version while another is preloaded, and ends the preload of a version that becomes desired', async () => {
    await setDesired(database, model, '1', 'first');
    await preloadVersion(database, model, '2');
    expect(await desiredState(database, model)).toMatchObject({ desiredVersion: '1', preloadedVersion: '2' });
    await setDesired(database, model, '2', 'second');
    expect(await desiredState(database, model)).toEqual({
      model,
      generation: 2,
      desiredVersion: '2',
      preloadedVersion: null,
      canary: null,
      reason: 'second',
    });
  });

  it('gets one generation from each of two concurrent changes', async () => {
    await setDesired(database, model, '1', 'first');
    await Promise.all(['2', '3'].map((version) => setDesired(database, model, version, 'race')));
    expect(await desiredState(database, model)).toMatchObject({ generation: 3 });
  });

  it('counts a process as ended after 5 s without a heartbeat', async () => {
    await startProcess('http://a');
    await database.query(
      `UPDATE serving_process SET heartbeat_at = now() - interval '6 seconds' WHERE model = $1`,
      [model],
    );
    await running.splice(0)[0]!.stop();
    expect(await liveProcesses(database, model)).toEqual([]);
  });
});

describe('proveVersion', () => {
  it('proves the version on every live process', async () => {
    await startProcess('http://a');
    await startProcess('http://b');
    const { provenBy } = await prove({ model, version: '1' });
    expect(provenBy.sort()).toEqual(['http://a', 'http://b']);
  });

  it('fails with address and failure of the process that could not prove it, and withdraws the request', async () => {
    await startProcess('http://a');
    await startProcess('http://b', { '2': 'golden request gave 200, expected 201' });
    await expect(prove({ model, version: '2' })).rejects.toMatchObject({
      code: 'ROLLOUT_FAILED',
      message: `http://b could not prove version 2 of ${model}: golden request gave 200, expected 201`,
    });
    expect(await desiredState(database, model)).toMatchObject({ preloadedVersion: null });
  });

  it('proves in the worker if no process is alive', async () => {
    expect(await prove({ model, version: '1' })).toEqual({ provenBy: ['worker'], desired: null });
  });

  it('rejects a model whose golden answer differs if no process is alive', async () => {
    await expect(prove({ model, version: '2' })).rejects.toMatchObject({ code: 'BAD_MODEL' });
    expect(await desiredState(database, model)).toMatchObject({ preloadedVersion: null });
  });

  it('throws MODEL_NOT_FOUND before it asks any process', async () => {
    await expect(prove({ model, version: '9' })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(await desiredState(database, model)).toBeUndefined();
  });
});

describe('awaitServed', () => {
  it('names the processes that serve the generation', async () => {
    await startProcess('http://a');
    const { generation } = await activities.setDesiredVersion({ model, version: '1', reason: 'why' });
    expect(await awaitServed({ model, generation, version: '1' })).toEqual({ processes: ['http://a'] });
  });

  it('waits for a process that starts during the rollout', async () => {
    const { generation } = await activities.setDesiredVersion({ model, version: '1', reason: 'why' });
    setTimeout(() => void startProcess('http://late'), 1_000);
    expect(await awaitServed({ model, generation, version: '1' })).toEqual({ processes: ['http://late'] });
  });

  it('says what to do if no process is alive', async () => {
    const { generation } = await activities.setDesiredVersion({ model, version: '1', reason: 'why' });
    const waiting = awaitServed({ model, generation, version: '1' });
    await expect(waiting).rejects.toMatchObject({ code: 'ROLLOUT_FAILED' });
    await expect(waiting).rejects.toThrow(
      'no process of the prediction service is alive. Start one with citibike up',
    );
  });

  it('stops waiting when another version becomes desired', async () => {
    const { generation } = await activities.setDesiredVersion({ model, version: '1', reason: 'why' });
    await activities.setDesiredVersion({ model, version: '2', reason: 'newer' });
    await expect(awaitServed({ model, generation, version: '1' })).rejects.toThrow(/was replaced/);
  });
});
