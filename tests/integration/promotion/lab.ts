/**
 * Sets up one registered model on the real stack, with versions of constant predictions, hours to compare them on, and services that follow
 * it. A worker on its own task queue records webhook events.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Client, Connection } from '@temporalio/client';
import { Worker, type NativeConnection } from '@temporalio/worker';
import type { FastifyInstance } from 'fastify';
import { allowing } from '../../fixtures/allow.ts';
import type { ActivityDependencies } from '../../../activities/dependencies.ts';
import { createNotifyActivities } from '../../../activities/notify/index.ts';
import { createRegisterActivities } from '../../../activities/register/index.ts';
import { createRolloutActivities } from '../../../activities/rollout/index.ts';
import { writeFrameFile } from '../../../adapters/duckdb/frame-file.ts';
import { MlflowClient } from '../../../adapters/mlflow/mlflow-client.ts';
import { Database } from '../../../adapters/postgres/database.ts';
import { RunRecorder } from '../../../adapters/postgres/run-records.ts';
import { desiredState, removeProcess, reportProcess } from '../../../adapters/postgres/serving.ts';
import { ArtifactStore } from '../../../adapters/s3/artifact-store.ts';
import { ObjectStore } from '../../../adapters/s3/object-store.ts';
import { createActivityInterceptors } from '../../../adapters/temporal/activity-interceptor.ts';
import { connectClient, connectWorker } from '../../../adapters/temporal/temporal-connection.ts';
import { loadWorkflowBundle } from '../../../adapters/temporal/workflow-bundle.ts';
import type { ArtifactRef } from '../../../contracts/artifact.ts';
import type { WebhookEvent } from '../../../contracts/workflows/notification.ts';
import { FRAME_SCHEMA_VERSION } from '../../../contracts/frame.ts';
import { buildApp } from '../../../inference/app.ts';
import { LastGoodModel } from '../../../inference/last-good-model.ts';
import { loadSettings } from '../../../settings.ts';
import { flatModelFiles } from '../../fixtures/flat-model.ts';
import type { Death, MortalPlan } from '../crash-safety/mortal-plan.ts';
import { installQuietRuntime } from '../../fixtures/quiet-runtime.ts';
import { queryAsOwner } from '../../fixtures/query-as-owner.ts';
import { systemFiles } from '../../../adapters/systems/system-files.ts';

export const SECRET = 'a secret of the test';

export interface Received {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly event: WebhookEvent;
}

export class Lab {
  readonly #id = randomUUID().slice(0, 8);
  readonly settings = loadSettings();
  readonly taskQueue = `promotion-test-${this.#id}`;
  readonly mlflow = new MlflowClient(this.settings.mlflow);
  readonly database = new Database(this.settings.databaseUrl);
  readonly artifacts = new ArtifactStore(new ObjectStore(this.settings.s3));
  readonly received: Received[] = [];
  /** Answers of the webhook, one per event; later ones are 204. */
  readonly answers: number[] = [];
  client!: Client;
  bundle!: string;
  #connections: (Connection | NativeConnection)[] = [];
  #webhook!: Server;
  #worker!: Worker;
  #running!: Promise<void>;
  #experimentId!: string;
  #dir!: string;
  readonly #models: string[] = [];
  readonly #services: FastifyInstance[] = [];

  static async open(): Promise<Lab> {
    const lab = new Lab();
    await lab.#start();
    return lab;
  }

  async #start(): Promise<void> {
    const { settings } = this;
    installQuietRuntime();
    this.#dir = await mkdtemp(path.join(tmpdir(), 'citibike-promotion-'));
    for (const bucket of Object.values(settings.s3.buckets))
      await this.artifacts.objects.ensureBucket(bucket);
    this.#experimentId = await this.mlflow.experiments.ensure(`test-promotion-${this.#id}`);
    const { client, connection } = await connectClient(settings.temporal);
    this.client = client;
    const native = await connectWorker(settings.temporal);
    this.#connections = [connection, native];
    this.#webhook = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        this.received.push({ headers: request.headers, body, event: JSON.parse(body) as WebhookEvent });
        response.writeHead(this.answers.shift() ?? 204).end();
      });
    });
    await new Promise<void>((resolve) => this.#webhook.listen(0, '127.0.0.1', resolve));
    const loaded = await loadWorkflowBundle(settings.workflowBundle, path.join(settings.stackDir, 'bundle'));
    if (!('codePath' in loaded)) throw new Error('expected a bundle in a file');
    this.bundle = path.resolve(loaded.codePath);
    const { port } = this.#webhook.address() as AddressInfo;
    const deps: ActivityDependencies = {
      artifacts: this.artifacts,
      database: this.database,
      mlflow: this.mlflow,
      codeVersion: 'test',
      modelName: 'nobody',
      modelOfAll: 'nobody',
      systems: systemFiles(),
      experiment: `test-promotion-${this.#id}`,
      sources: settings.sources,
      allowed: allowing(),
      tfBackend: 'cpu',
      webhook: { url: `http://127.0.0.1:${port}/hook`, secret: SECRET },
    };
    this.#worker = await Worker.create({
      connection: native,
      namespace: settings.temporal.namespace,
      taskQueue: this.taskQueue,
      workflowBundle: { codePath: this.bundle },
      maxHeartbeatThrottleInterval: '1s',
      interceptors: {
        activity: [createActivityInterceptors(new RunRecorder(this.database, 'test', () => undefined))],
      },
      sinks: { runs: { started: { fn: () => undefined }, closed: { fn: () => undefined } } },
      activities: {
        ...createRegisterActivities(deps),
        ...createRolloutActivities(deps),
        ...createNotifyActivities(deps),
      },
    });
    this.#running = this.#worker.run();
  }

  /** Returns a unique name of a registered model. */
  async newModel(): Promise<string> {
    const model = `test-promotion-${this.#id}-${this.#models.length}`;
    this.#models.push(model);
    await this.mlflow.registry.ensureModel(model, 'a test');
    return model;
  }

  /** Makes a version that predicts `trips` for every hour; `spoil` changes its files before they are stored. */
  async register(
    model: string,
    trips: number,
    spoil: (files: Record<string, Uint8Array>) => void = () => undefined,
    trainedOn: Parameters<typeof flatModelFiles>[1] = {},
    tags: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const logged = await this.mlflow.loggedModels.create({
      experimentId: this.#experimentId,
      name: 'flat',
      runId: '',
      tags: {},
      params: {},
    });
    const files = flatModelFiles(trips, trainedOn);
    spoil(files);
    for (const [file, bytes] of Object.entries(files)) {
      await this.mlflow.artifacts.put(logged.artifactUri, file, bytes);
    }
    await this.mlflow.loggedModels.finalize(logged.modelId);
    const { version } = await this.mlflow.registry.createVersion({
      model,
      source: `models:/${logged.modelId}`,
      runId: '',
      modelId: logged.modelId,
      description: `always ${trips}`,
      tags: { stage: 'Staging', validation_status: 'pending', ...tags },
    });
    await this.mlflow.registry.setAlias(model, 'candidate', version);
    return version;
  }

  /** Writes January 2025 with 100 trips in every hour, on which no version is fitted. */
  async frame(): Promise<ArtifactRef> {
    const weather = { TMAX: 40, TMIN: 30, SNOW: 0, PRCP: 0, SNWD: 0, AWND: 5, PRCP_yesterday: 0 };
    const rows = Array.from({ length: 31 * 24 }, (_, i) => ({
      date: `2025-01-${String(Math.floor(i / 24) + 1).padStart(2, '0')}`,
      hour: i % 24,
      trips: 100,
      holiday: 0,
      ...weather,
      weather_filled: false,
    }));
    const file = path.join(this.#dir, 'frame.parquet');
    await writeFrameFile(file, rows);
    return this.artifacts.write(
      { workflowId: this.taskQueue, runId: 'run', step: 'test', codeVersion: 'test' },
      {
        name: 'frame.parquet',
        content: { file },
        schemaVersion: FRAME_SCHEMA_VERSION,
        inputs: [],
        parameters: {},
        synthetic: false,
      },
    );
  }

  /** Starts a process of the prediction service that follows the model. */
  async service(model: string): Promise<FastifyInstance> {
    const instanceId = randomUUID();
    const app = await buildApp({
      model: {
        model,
        instanceId,
        address: `http://${instanceId.slice(0, 8)}`,
        store: {
          desired: (name) => desiredState(this.database, name),
          report: (self) => reportProcess(this.database, self),
          remove: (instance) => removeProcess(this.database, instance),
        },
        source: {
          download: (name, version, signal) => this.mlflow.downloadModelFiles(name, version, signal),
          ping: async () => undefined,
        },
        lastGood: new LastGoodModel(path.join(this.#dir, instanceId), model),
        pollMs: 100,
      },
    });
    this.#services.push(app);
    await app.ready();
    return app;
  }

  async start(type: string, workflowId: string, input: object, taskQueue = this.taskQueue) {
    return this.client.workflow.start(type, { taskQueue, workflowId, args: [input] });
  }

  /** Starts a workflow and waits for its end. */
  async run<T>(type: string, input: object, workflowId = `${type}-${randomUUID()}`): Promise<T> {
    return (await (await this.start(type, workflowId, input)).result()) as T;
  }

  /** Rolls out a first version to the services of a model as its champion. */
  async crown(model: string, version: string): Promise<void> {
    await this.run('rollback', { model, version });
  }

  /** Returns stage and validation status of every version, in order. */
  async tags(model: string): Promise<string[]> {
    const versions = await this.mlflow.registry.searchVersions(model);
    return versions.map(({ tags }) => `${tags['stage']} ${tags['validation_status']}`);
  }

  async close(): Promise<void> {
    await Promise.all(this.#services.map((app) => app.close()));
    this.#worker.shutdown();
    await this.#running;
    for (const model of this.#models) await this.mlflow.registry.deleteModel(model).catch(() => undefined);
    await this.mlflow.experiments.delete(this.#experimentId);
    for (const table of ['serving_generation', 'serving_process', 'serving_traffic']) {
      await queryAsOwner(`DELETE FROM ${table} WHERE model = ANY($1)`, [this.#models]);
    }
    await this.database.close();
    this.artifacts.objects.close();
    for (const connection of this.#connections) await connection.close();
    this.#webhook.close();
    await rm(this.#dir, { recursive: true, force: true });
  }
}

export interface OneAnswer {
  readonly status: number;
  readonly version: string;
  readonly prediction: number;
}

/** Starts a worker on its own task queue that dies as planned; the caller ends it. */
export function spawnWorker(lab: Lab, taskQueue: string, death?: Death): ChildProcess {
  const plan: MortalPlan = {
    taskQueue,
    buckets: lab.settings.s3.buckets,
    workflowBundle: lab.bundle,
    death,
  };
  const file = path.join(import.meta.dirname, '..', 'crash-safety', 'mortal-worker.ts');
  return spawn(process.execPath, [file, JSON.stringify(plan)], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Requests `rows` hours, and checks that the answer comes from one version only. */
export async function ask(app: FastifyInstance, rows = 1, routingKey?: string): Promise<OneAnswer> {
  const trip = { date: '2025-01-15T08:00:00', TMAX: 40, TMIN: 30, SNOW: 0 };
  const response = await app.inject({
    method: 'POST',
    url: '/predict_trip',
    payload: { input_data: Array(rows).fill(trip) },
    headers: routingKey === undefined ? {} : { 'x-routing-key': routingKey },
  });
  const { predictions } = response.json<{ predictions: OneAnswer[] }>();
  const versions = new Set(predictions?.map(({ version }) => version));
  if (versions.size !== 1) throw new Error(`${response.statusCode} ${response.body.slice(0, 500)}`);
  return {
    status: response.statusCode,
    version: predictions[0]!.version,
    prediction: predictions[0]!.prediction,
  };
}

/** Requests predictions of the services in turn, without pause, until `over` is settled. */
export async function steadyLoad(
  apps: readonly FastifyInstance[],
  over: Promise<unknown>,
): Promise<OneAnswer[]> {
  const answers: OneAnswer[] = [];
  let done = false;
  over.then(
    () => (done = true),
    () => (done = true),
  );
  for (let i = 0; !done; i++) {
    answers.push(await ask(apps[i % apps.length]!, 1 + (i % 3)));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return answers;
}
