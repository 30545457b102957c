/** Runs an ingest with its own buckets and task queue, on workers that may be mortal. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import type { Client } from '@temporalio/client';
import { ObjectStore } from '../../../adapters/s3/object-store.ts';
import type { MonthDataset } from '../../../contracts/frame.ts';
import { IngestInput } from '../../../contracts/workflows/ingest.ts';
import { parseInput } from '../../../contracts/parse-input.ts';
import type { IngestResult } from '../../../contracts/workflows/ingest.ts';
import type { Settings } from '../../../settings.ts';
import { removeBucket } from '../../fixtures/own-buckets.ts';
import type { Death, MortalPlan } from './mortal-plan.ts';

const WORKER = path.join(import.meta.dirname, 'mortal-worker.ts');

/** Represents the outcome of an ingest that must not depend on crashes: it has no times, no run ids and no bucket names. */
export interface StoredData {
  /** SHA-256 by key of every parquet under `datasets/`. */
  readonly parquets: Readonly<Record<string, string>>;
  /** Targets of each month's `current.json`. */
  readonly months: Readonly<Record<string, object>>;
}

export class CrashRun {
  readonly objects: ObjectStore;
  readonly #client: Client;
  readonly #settings: Settings;
  readonly #plan: MortalPlan;
  readonly #workers: ChildProcess[] = [];
  #runs = 0;

  private constructor(client: Client, settings: Settings, plan: MortalPlan) {
    this.#client = client;
    this.#settings = settings;
    this.#plan = plan;
    this.objects = new ObjectStore({ ...settings.s3, buckets: plan.buckets });
  }

  static async create(client: Client, settings: Settings, workflowBundle: string): Promise<CrashRun> {
    const id = randomBytes(4).toString('hex');
    const buckets = {
      artifacts: `crash-artifacts-${id}`,
      data: `crash-data-${id}`,
      mlflow: settings.s3.buckets.mlflow,
    };
    const crashRun = new CrashRun(client, settings, { taskQueue: `crash-${id}`, buckets, workflowBundle });
    await crashRun.objects.ensureBucket(buckets.artifacts);
    await crashRun.objects.ensureBucket(buckets.data);
    return crashRun;
  }

  /**
   * Runs ingests at the same time on one worker after the other: one worker per death, and a last one that lives.
   * @throws if a worker ends in another way, or survives its planned death. The outcome holds failures of the ingest.
   */
  async ingest(
    inputs: readonly object[],
    deaths: readonly Death[] = [],
  ): Promise<PromiseSettledResult<IngestResult>[]> {
    this.#runs += 1;
    const outcomes = Promise.allSettled(
      inputs.map(async (input, index) => {
        const handle = await this.#client.workflow.start('ingest', {
          taskQueue: this.#plan.taskQueue,
          workflowId: `${this.#plan.taskQueue}-${this.#runs}-${index}`,
          args: [parseInput('ingest', IngestInput, input)],
        });
        return (await handle.result()) as IngestResult;
      }),
    );
    for (const death of deaths) {
      const worker = this.#spawnWorker(death);
      const first = await Promise.race([exitOf(worker), outcomes.then(() => 'the ingest ended')]);
      if (first === 'SIGKILL') continue;
      worker.kill('SIGKILL');
      throw new Error(`the worker that was to die ${JSON.stringify(death)} did not: ${first}`);
    }
    const survivor = this.#spawnWorker(undefined);
    const early = exitOf(survivor).then((how) => Promise.reject(new Error(`the worker ended: ${how}`)));
    try {
      return await Promise.race([outcomes, early]);
    } finally {
      early.catch(() => undefined);
      survivor.kill('SIGKILL');
    }
  }

  /** Runs `ingest` on one input that must succeed. */
  async ingestOne(input: object, deaths: readonly Death[] = []): Promise<IngestResult> {
    const [outcome] = await this.ingest([input], deaths);
    if (outcome?.status === 'fulfilled') return outcome.value;
    throw outcome?.reason;
  }

  async monthOf(folder: string, rules: string, month: string): Promise<MonthDataset> {
    const { data } = this.#plan.buckets;
    return this.objects.getJson(`s3://${data}/datasets/months/${folder}/${rules}/${month}/current.json`);
  }

  async storedData(): Promise<StoredData> {
    const parquets: Record<string, string> = {};
    const months: Record<string, object> = {};
    const root = `s3://${this.#plan.buckets.data}/`;
    for await (const { uri } of this.objects.list(`${root}datasets/`)) {
      const key = uri.slice(root.length);
      if (key.endsWith('.parquet'))
        parquets[key] = createHash('sha256')
          .update(await this.objects.get(uri))
          .digest('hex');
      if (!key.endsWith('/current.json')) continue;
      const { ref, flows, trips, hours, provisional } = await this.objects.getJson<MonthDataset>(uri);
      months[key] = { hoursSha256: ref.sha256, flowsSha256: flows?.sha256, trips, hours, provisional };
    }
    return { parquets, months };
  }

  /** Ends the workers that a timed-out test left, and removes the buckets. */
  async dispose(): Promise<void> {
    for (const worker of this.#workers) worker.kill('SIGKILL');
    this.objects.close();
    const { endpoint, region, credentials } = this.#settings.s3;
    const client = new S3Client({
      region,
      ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
      credentials,
    });
    const { artifacts, data } = this.#plan.buckets;
    for (const bucket of [artifacts, data]) await removeBucket(client, bucket);
    client.destroy();
  }

  #spawnWorker(death: Death | undefined): ChildProcess {
    const plan: MortalPlan = { ...this.#plan, death };
    const worker = spawn(process.execPath, [WORKER, JSON.stringify(plan)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.#workers.push(worker);
    return worker;
  }
}

async function exitOf(worker: ChildProcess): Promise<string> {
  const [code, signal] = (await once(worker, 'exit')) as [number | null, string | null];
  return signal ?? `exit code ${code}`;
}
