/**
 * Runs a worker that kills itself with SIGKILL as planned. It dies right before an activity, right after its effect and before its answer,
 * or right after one of its writes to S3. The activities are the product's own.
 *
 * usage: mortal-worker.ts PLAN, a JSON `MortalPlan`
 */
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { allowing } from '../../fixtures/allow.ts';
import type { ActivityDependencies } from '../../../activities/dependencies.ts';
import { createDataQueueActivities } from '../../../activities/data-queue.ts';
import { Database } from '../../../adapters/postgres/database.ts';
import { RunRecorder } from '../../../adapters/postgres/run-records.ts';
import { MlflowClient } from '../../../adapters/mlflow/mlflow-client.ts';
import { ArtifactStore } from '../../../adapters/s3/artifact-store.ts';
import { ObjectStore } from '../../../adapters/s3/object-store.ts';
import { createActivityInterceptors } from '../../../adapters/temporal/activity-interceptor.ts';
import { connectWorker } from '../../../adapters/temporal/temporal-connection.ts';
import { loadSettings } from '../../../settings.ts';
import type { MortalPlan } from './mortal-plan.ts';
import { systemFiles } from '../../../adapters/systems/system-files.ts';

const plan = JSON.parse(process.argv[2] ?? '') as MortalPlan;
const { death } = plan;

/** Never returns, because no later code may run. */
function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

class MortalStore extends ObjectStore {
  #writes = 0;

  override async put(...args: Parameters<ObjectStore['put']>): Promise<string> {
    const etag = await super.put(...args);
    await this.#countWrite();
    return etag;
  }

  override async putFile(...args: Parameters<ObjectStore['putFile']>): Promise<void> {
    await super.putFile(...args);
    await this.#countWrite();
  }

  async #countWrite(): Promise<void> {
    this.#writes += 1;
    if (death?.moment === 'after write' && this.#writes === death.write) await die();
  }
}

type Activity = (input: never) => Promise<unknown>;

function mortal(activities: object): Record<string, Activity> {
  return Object.fromEntries(
    Object.entries(activities as Record<string, Activity>).map(([name, activity]) => [
      name,
      async (input: never) => {
        const isMeant = death !== undefined && 'activity' in death && death.activity === name;
        if (isMeant && death.moment === 'before') await die();
        const answer = await activity(input);
        if (isMeant && death.moment === 'after effect') await die();
        return answer;
      },
    ]),
  );
}

const settings = loadSettings();
Runtime.install({ logger: new DefaultLogger('ERROR') });
const database = new Database(settings.databaseUrl);
const dependencies: ActivityDependencies = {
  artifacts: new ArtifactStore(new MortalStore({ ...settings.s3, buckets: plan.buckets })),
  database,
  mlflow: new MlflowClient(settings.mlflow),
  codeVersion: 'test',
  modelName: settings.modelName,
  modelOfAll: settings.modelOfAll,
  systems: systemFiles(settings.systemsDir),
  experiment: settings.mlflow.experiment,
  sources: settings.sources,
  allowed: allowing(),
  tfBackend: settings.tfBackend,
};
const worker = await Worker.create({
  connection: await connectWorker(settings.temporal),
  namespace: settings.temporal.namespace,
  taskQueue: plan.taskQueue,
  workflowBundle: { codePath: plan.workflowBundle },
  interceptors: {
    activity: [createActivityInterceptors(new RunRecorder(database, 'mortal', () => undefined))],
  },
  sinks: { runs: { started: { fn: () => undefined }, closed: { fn: () => undefined } } },
  activities: mortal(createDataQueueActivities(dependencies)),
  maxConcurrentActivityTaskExecutions: 4,
  // The worker that replaces a killed one gets its workflow tasks sooner.
  stickyQueueScheduleToStartTimeout: '1s',
  maxHeartbeatThrottleInterval: '1s',
  defaultHeartbeatThrottleInterval: '1s',
});
await worker.run();
