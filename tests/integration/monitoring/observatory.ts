/**
 * Runs drift checks on the real stack: months of a synthetic system, champions with a constant prediction, and two
 * workers on separate task queues, one of which can lose Postgres.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger, Worker, type NativeConnection } from '@temporalio/worker';
import { Value } from 'typebox/value';
import { allowing } from '../../fixtures/allow.ts';
import type { ActivityDependencies } from '../../../activities/dependencies.ts';
import { createDataQueueActivities } from '../../../activities/data-queue.ts';
import { createRegisterActivities } from '../../../activities/register/index.ts';
import { Database } from '../../../adapters/postgres/database.ts';
import { RunRecorder } from '../../../adapters/postgres/run-records.ts';
import { createActivityInterceptors } from '../../../adapters/temporal/activity-interceptor.ts';
import { connectWorker } from '../../../adapters/temporal/temporal-connection.ts';
import { writeSample } from '../../../client/write-sample.ts';
import type { ArtifactRef } from '../../../contracts/artifact.ts';
import { HyperParameters } from '../../../contracts/hyper-parameters.ts';
import type { RegisterActivities, RegisteredVersion } from '../../../contracts/activities/register.ts';
import { flatModelFiles } from '../../fixtures/flat-model.ts';
import { SeverableProxy } from '../../fixtures/severable-proxy.ts';
import { Lab } from '../promotion/lab.ts';
import { queryAsOwner } from '../../fixtures/query-as-owner.ts';
import { systemFiles } from '../../../adapters/systems/system-files.ts';

/** Is a small system: about three rides per hour. */
const RIDES_A_MONTH = 2_000;

/** Weights that hardly change from their random start, which is enough for a model. */
export const TINY = { networks: 1, hidden: 4, epochs: 1 };

type CandidateInput = Parameters<RegisterActivities['registerCandidate']>[0];

export class Observatory {
  readonly lab: Lab;
  readonly taskQueue = `monitoring-test-${randomUUID().slice(0, 8)}`;
  /** Task queue of the worker that loses Postgres by `cutPostgres`. */
  readonly severableTaskQueue = `${this.taskQueue}-severable`;
  readonly #dir: string;
  readonly #postgres: SeverableProxy;
  /** Database connection through the proxy. */
  readonly #severable: Database;
  readonly #deps: ActivityDependencies;
  readonly #models: string[] = [];
  #connection!: NativeConnection;
  readonly #workers: { readonly worker: Worker; readonly running: Promise<void> }[] = [];

  private constructor(lab: Lab, dir: string, postgres: SeverableProxy, ownSystems?: string) {
    this.lab = lab;
    this.#dir = dir;
    this.#postgres = postgres;
    const behindProxy = new URL(lab.settings.databaseUrl);
    behindProxy.hostname = '127.0.0.1';
    behindProxy.port = String(postgres.port);
    this.#severable = new Database(behindProxy.href);
    this.#deps = {
      artifacts: lab.artifacts,
      database: lab.database,
      mlflow: lab.mlflow,
      codeVersion: 'test',
      modelName: 'nobody',
      modelOfAll: 'nobody',
      systems: systemFiles(ownSystems),
      experiment: this.taskQueue,
      sources: lab.settings.sources,
      allowed: allowing(),
      tfBackend: 'cpu',
    };
  }

  /** @param ownSystems folder with systems of the test. */
  static async open(ownSystems?: string): Promise<Observatory> {
    const lab = await Lab.open();
    const { hostname, port } = new URL(lab.settings.databaseUrl);
    const postgres = await SeverableProxy.before(hostname, Number(port || 5432));
    const dir = await mkdtemp(path.join(tmpdir(), 'citibike-monitoring-'));
    const observatory = new Observatory(lab, dir, postgres, ownSystems);
    observatory.#connection = await connectWorker(lab.settings.temporal);
    await observatory.#start(observatory.taskQueue, observatory.#deps);
    await observatory.#start(observatory.severableTaskQueue, {
      ...observatory.#deps,
      database: observatory.#severable,
    });
    return observatory;
  }

  async #start(taskQueue: string, deps: ActivityDependencies): Promise<void> {
    const { settings, bundle } = this.lab;
    const worker = await Worker.create({
      connection: this.#connection,
      namespace: settings.temporal.namespace,
      taskQueue,
      workflowBundle: { codePath: bundle },
      maxHeartbeatThrottleInterval: '1s',
      interceptors: {
        activity: [createActivityInterceptors(new RunRecorder(deps.database, 'test', () => undefined))],
      },
      sinks: { runs: { started: { fn: () => undefined }, closed: { fn: () => undefined } } },
      activities: createDataQueueActivities(deps),
    });
    this.#workers.push({ worker, running: worker.run() });
  }

  /** Makes Postgres unavailable to the severable worker until `mendPostgres`. */
  cutPostgres(): void {
    this.#postgres.cut();
  }

  mendPostgres(): void {
    this.#postgres.mend();
  }

  /** Writes a folder of synthetic archives and weather, as a source. */
  async sample(
    name: string,
    from: string,
    to: string,
    system = 'jc',
  ): Promise<{ folder: string; trips: string }> {
    const folder = path.join(this.#dir, name);
    await writeSample({ out: folder, system, from, to, ridesPerMonth: RIDES_A_MONTH });
    return { folder, trips: pathToFileURL(folder).href };
  }

  /** Returns a unique name of a registered model. */
  async newModel(): Promise<string> {
    const model = await this.lab.newModel();
    this.#models.push(model);
    return model;
  }

  /** Registers a model whose champion predicts `trips` for every hour. */
  async champion(trips: number, system = 'jc'): Promise<{ model: string; version: string; runId: string }> {
    const model = await this.newModel();
    const files: Record<string, ArtifactRef> = {};
    const trainedOn = { system, from: '2023-01-01', to: '2023-12-31', synthetic: true } as const;
    for (const [name, content] of Object.entries(flatModelFiles(trips, trainedOn))) {
      files[name] = await this.#write(name, content);
    }
    const metrics = { rows: 48, rmse: 1, mae: 1, r2: 0.5, bias: 0, mape: 10 };
    const frame = await this.#write('frame.json', json([]));
    const input: CandidateInput = {
      model,
      folder: await this.#write('model-folder.json', json({ schemaVersion: 1, files })),
      evaluation: {
        metrics,
        naive: metrics,
        report: await this.#write('evaluation.json', json({ model })),
        cached: false,
      },
      config: {
        system,
        featureSet: 'seed',
        hyperParameters: Value.Create(HyperParameters),
        seed: 42,
        span: { from: '2023-01', to: '2023-12' },
        synthetic: true,
      },
      test: { from: '2024-01', to: '2024-01' },
      trainFrame: frame,
      testFrame: frame,
      backend: 'cpu',
    };
    const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
    const { version, runId }: RegisteredVersion = await environment.run(
      (given: CandidateInput) => createRegisterActivities(this.#deps).registerCandidate(given),
      input,
    );
    await this.lab.crown(model, version);
    return { model, version, runId };
  }

  #write(name: string, content: Uint8Array): Promise<ArtifactRef> {
    return this.lab.artifacts.write(
      { workflowId: this.taskQueue, runId: 'run', step: 'test', codeVersion: 'test' },
      { name, content, schemaVersion: 1, inputs: [], parameters: {}, synthetic: true },
    );
  }

  /** Starts a drift check and waits for its end. */
  async monitor<T>(
    input: object,
    workflowId = `monitoring-${randomUUID()}`,
    taskQueue = this.taskQueue,
  ): Promise<T> {
    const handle = await this.lab.start('monitoring', workflowId, input, taskQueue);
    return (await handle.result()) as T;
  }

  /** Returns everything that drift checks of a model stored in Postgres, without times and addresses. */
  async rowsOf(model: string) {
    const select = (table: string, columns: string, order: string) =>
      this.lab.database.query(`SELECT ${columns} FROM ${table} WHERE model = $1 ORDER BY ${order}`, [model]);
    return {
      weeks: await select(
        'drift_weeks',
        `week, first_date, last_date, hours, with_trips, model_version, prediction_drift, num_drifted_columns,
         share_missing_values, rmse_score_current, mean_error_current`,
        'model_version, reference_sha256, week',
      ),
      columns: await select(
        'drift_columns',
        'week, column_name, test, score, drifted, model_version',
        'model_version, reference_sha256, week, column_name',
      ),
      decisions: await select(
        'drift_decisions',
        'current_from, current_to, decision, with_trips, weeks, model_version',
        'model_version, current_from',
      ),
      retrainings: await select(
        'drift_retrainings',
        'month, model_version, outcome, candidate, heir',
        'month, model_version',
      ),
    };
  }

  async close(): Promise<void> {
    for (const { worker } of this.#workers) worker.shutdown();
    await Promise.all(this.#workers.map(({ running }) => running));
    await this.#connection.close();
    for (const table of ['drift_weeks', 'drift_decisions', 'drift_retrainings']) {
      await queryAsOwner(`DELETE FROM ${table} WHERE model = ANY($1)`, [this.#models]);
    }
    const { experiments } = this.lab.mlflow;
    await experiments.delete(await experiments.ensure(this.taskQueue));
    await this.#severable.close();
    this.#postgres.close();
    await this.lab.close();
    await rm(this.#dir, { recursive: true, force: true });
  }
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
