/** Runs lifecycles on a compose project, and reads what they left. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError, type Client } from '@temporalio/client';
import { MlflowClient } from '../../adapters/mlflow/mlflow-client.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { ObjectStore } from '../../adapters/s3/object-store.ts';
import { lazyClient } from '../../adapters/temporal/lazy-client.ts';
import { progressOf, startWorkflow } from '../../client/start.ts';
import { writeSample } from '../../client/write-sample.ts';
import type { LifecycleResult } from '../../contracts/workflows/lifecycle.ts';
import type { ComposeProject, Container } from './compose-project.ts';

export const INPUT = {
  system: 'nyc',
  train: { from: '2024-01', to: '2024-12' },
  test: { from: '2025-01', to: '2025-03' },
  source: { trips: 'file:///data' },
  hyperParameters: { epochs: 3 },
} as const;

/** Things of which a lifecycle makes exactly one, or as many as its result says. */
export interface Leftovers {
  readonly versions: number;
  readonly mlflowRuns: number;
  readonly checkedWeeks: number;
  readonly decisions: number;
  readonly runsByType: Readonly<Record<string, number>>;
  /** Step and name of every artifact, without ids and digests, and how many there are. */
  readonly artifacts: Readonly<Record<string, number>>;
}

/** Returns what there is not exactly once. */
export function doubledIn({ versions, mlflowRuns, decisions, runsByType, artifacts }: Leftovers): string[] {
  const counts = { versions, mlflowRuns, decisions, ...runsByType, ...artifacts };
  return Object.entries(counts).flatMap(([name, n]) => (n === 1 ? [] : [`${n} × ${name}`]));
}

/** Writes synthetic trips into the project's folder, unless DATA names a folder of real ones. */
export async function fillData(project: ComposeProject): Promise<void> {
  if (process.env['DATA'] || existsSync(`${project.data}/SYNTHETIC.json`)) return;
  await writeSample({ out: project.data, system: INPUT.system, from: INPUT.train.from, to: INPUT.test.to });
}

export class Lifecycles {
  readonly #project: ComposeProject;
  #temporal: ReturnType<typeof lazyClient> | undefined;
  #last = 0;

  constructor(project: ComposeProject) {
    this.#project = project;
  }

  get #client(): Client {
    this.#temporal ??= lazyClient(this.#project.settings.temporal);
    return this.#temporal.client;
  }

  async close(): Promise<void> {
    await this.#temporal?.connection.close();
  }

  /** Starts a lifecycle that computes every step, with a seed of its own. Returns its workflow id. */
  async start(): Promise<string> {
    this.#last += 1;
    const id = `deploy-test-${String(this.#last).padStart(2, '0')}`;
    await startWorkflow(this.#client, 'lifecycle', { ...INPUT, seed: this.#last, cache: false }, id);
    return id;
  }

  /** Waits for the end of a lifecycle, also while Temporal does not answer. */
  async resultOf(id: string): Promise<LifecycleResult> {
    for (;;) {
      try {
        return (await this.#client.workflow.getHandle(id).result()) as LifecycleResult;
      } catch (error) {
        if (error instanceof WorkflowFailedError) throw error;
        await sleep(1_000);
      }
    }
  }

  /**
   * Kills every given container once, in turn, while a lifecycle runs. If one ends meanwhile, starts the next.
   * @returns what each of the lifecycles left.
   */
  async killInTurn(containers: readonly Container[], say: (line: string) => void): Promise<Leftovers[]> {
    const runs: { id: string; result: Promise<LifecycleResult>; isOpen: boolean }[] = [];
    for (const container of containers) {
      if (!runs.at(-1)?.isOpen) {
        const id = await this.start();
        const run = { id, result: this.resultOf(id), isOpen: true };
        run.result.catch(() => undefined).finally(() => (run.isOpen = false));
        runs.push(run);
        while ((await this.#stageOf(id)) === undefined) await sleep(200);
      }
      const { id } = runs.at(-1)!;
      const stage = await this.#stageOf(id);
      const seconds = await this.#project.crash(container);
      say(`killed ${container.name} in ${id} at ${stage}; healthy after ${seconds.toFixed(0)} s`);
    }
    const left: Leftovers[] = [];
    for (const { id, result } of runs) left.push(await this.leftoversOf(id, await result));
    return left;
  }

  async #stageOf(id: string): Promise<string | undefined> {
    return (await progressOf(this.#client, id))?.stage;
  }

  /** Counts what a lifecycle left. */
  async leftoversOf(id: string, { training, monitoring }: LifecycleResult): Promise<Leftovers> {
    const { settings } = this.#project;
    const mlflow = new MlflowClient(settings.mlflow);
    const versions = await mlflow.searchVersions(settings.modelName);
    const own = versions.filter(({ runId }) => runId === training.runId);
    const database = new Database(settings.databaseUrl);
    try {
      const count = async (sql: string, ...values: string[]): Promise<number> =>
        (await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, values))[0]!.n;
      const checked = [monitoring.model, monitoring.version ?? ''];
      // A lifecycle whose version is not promoted rolls the champion out, by one run more.
      const types = await database.query<{ type: string; n: number }>(
        `SELECT type, count(*)::int AS n FROM workflow_runs
         WHERE (workflow_id LIKE $1 OR parent_id LIKE $1) AND type <> 'deployment' GROUP BY type`,
        [`${id}%`],
      );
      return {
        versions: own.length,
        mlflowRuns: await this.#mlflowRunsOf(id),
        checkedWeeks: await count('drift_weeks WHERE model = $1 AND model_version = $2', ...checked),
        decisions: await count('drift_decisions WHERE model = $1 AND model_version = $2', ...checked),
        runsByType: Object.fromEntries(types.map(({ type, n }) => [type, n])),
        artifacts: await this.#artifactsOf(id),
      };
    } finally {
      await database.close();
    }
  }

  /** Counts the MLflow runs that name an artifact of the lifecycle. */
  async #mlflowRunsOf(id: string): Promise<number> {
    const { mlflow } = this.#project.settings;
    const client = new MlflowClient(mlflow);
    const experimentId = (await client.experiments.idOf(mlflow.experiment))!;
    const { runs } = await client.runs.search({ experimentId, orderBy: [], limit: 500 });
    return runs.filter(({ tags }) => Object.values(tags).some((value) => value.includes(`${id}-`))).length;
  }

  async #artifactsOf(id: string): Promise<Record<string, number>> {
    const objects = new ObjectStore(this.#project.settings.s3);
    const found: Record<string, number> = {};
    try {
      for await (const { uri } of objects.list(`s3://${this.#project.settings.s3.buckets.artifacts}/${id}`)) {
        const name = uri.slice(uri.indexOf(id) + id.length).replace(/[0-9a-f]{12,}/g, '*');
        // Each attempt of a step has a log.
        if (!name.includes('/logs/')) found[name] = (found[name] ?? 0) + 1;
      }
    } finally {
      objects.close();
    }
    return found;
  }
}
