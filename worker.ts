/** Starts a worker with workflows, activities, adapters and settings. One process polls both task queues. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DefaultLogger, Runtime, Worker, type InjectedSinks, type WorkerOptions } from '@temporalio/worker';
import type { ActivityDependencies } from './activities/dependencies.ts';
import { MlflowClient } from './adapters/mlflow/mlflow-client.ts';
import { Database } from './adapters/postgres/database.ts';
import { RunRecorder } from './adapters/postgres/run-records.ts';
import { WorkerPresence } from './adapters/postgres/worker-processes.ts';
import { ArtifactStore } from './adapters/s3/artifact-store.ts';
import { ObjectStore } from './adapters/s3/object-store.ts';
import { allowedAddresses, readAddedFolders } from './adapters/sources/allowed-addresses.ts';
import { systemFiles } from './adapters/systems/system-files.ts';
import { createActivityInterceptors } from './adapters/temporal/activity-interceptor.ts';
import { connectWorker } from './adapters/temporal/temporal-connection.ts';
import { loggerWithSteps, StepLogs } from './adapters/temporal/step-logs.ts';
import { deploymentOptions, versionedBundle } from './adapters/temporal/worker-version.ts';
import { loadWorkflowBundle } from './adapters/temporal/workflow-bundle.ts';
import { CitibikeError, framesOf, messageOf } from './contracts/errors.ts';
import { TASK_QUEUE, TRAINING_TASK_QUEUE } from './contracts/task-queues.ts';
import { loadSettings, PROJECT_DIR, type Settings } from './settings.ts';
import type { RunSinks } from './workflows/interceptors.ts';
import { createDataQueueActivities } from './activities/data-queue.ts';
import { createTrainingQueueActivities } from './activities/training-queue.ts';

/** Exceeds the number of cores, because most activities wait for S3 or MLflow. */
const DATA_ACTIVITIES_AT_ONCE = 6;

/** Gives a trainer time to write its checkpoint and exit. */
const SHUTDOWN_GRACE = '20s';

/** Returns the package version and, in a checkout, the commit. */
function codeVersion(commit: string | undefined): string {
  const manifest = JSON.parse(readFileSync(path.join(PROJECT_DIR, 'package.json'), 'utf8')) as {
    version: string;
  };
  return commit === undefined ? manifest.version : `${manifest.version}+${commit}`;
}

/** Returns the commit. Returns undefined outside a checkout. */
function readCommit(): string | undefined {
  try {
    const commit = execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=12'], {
      cwd: PROJECT_DIR,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return commit.toString().trim();
  } catch {
    return undefined;
  }
}

function createSinks(recorder: RunRecorder): InjectedSinks<RunSinks> {
  return {
    runs: {
      started: {
        fn: (info, input, parentId) => recorder.runStarted(info, input, parentId),
        callDuringReplay: false,
      },
      closed: {
        fn: (info, status, result, failure) => recorder.runClosed(info, status, result, failure),
        callDuringReplay: false,
      },
    },
  };
}

async function runWorker(settings: Settings): Promise<void> {
  const commit = readCommit();
  const deployment = settings.workerDeployment && deploymentOptions(settings.workerDeployment, commit);
  const printed = new DefaultLogger(temporalLogLevel(settings.logLevel));
  const warn = (message: string) => printed.warn(message);
  const objects = new ObjectStore(settings.s3);
  const stepLogs = new StepLogs(objects, warn);
  const logger = loggerWithSteps(printed, stepLogs);
  Runtime.install({ logger });
  const database = new Database(settings.databaseUrl);
  const recorder = new RunRecorder(database, `${process.pid}`, warn);
  const dependencies: ActivityDependencies = {
    artifacts: new ArtifactStore(objects, (manifest) => recorder.artifactWritten(manifest)),
    database,
    mlflow: new MlflowClient(settings.mlflow),
    codeVersion: codeVersion(commit),
    modelName: settings.modelName,
    modelOfAll: settings.modelOfAll,
    systems: systemFiles(settings.systemsDir),
    experiment: settings.mlflow.experiment,
    sources: settings.sources,
    allowed: allowedAddresses({
      sources: settings.sources,
      dataBucket: settings.s3.buckets.data,
      added: () => readAddedFolders(settings.instanceDir),
    }),
    tfBackend: settings.tfBackend,
    webhook: settings.webhook,
  };
  const connection = await connectWorker(settings.temporal);
  const common = {
    connection,
    namespace: settings.temporal.namespace,
    shutdownGraceTime: SHUTDOWN_GRACE,
    interceptors: { activity: [createActivityInterceptors(recorder, stepLogs)] },
    // A retry resumes from heartbeat details, and a throttled heartbeat must not look like a killed worker.
    maxHeartbeatThrottleInterval: '2s',
    defaultHeartbeatThrottleInterval: '2s',
    ...(deployment && { workerDeploymentOptions: deployment }),
  } satisfies Partial<WorkerOptions>;
  const bundle = await loadWorkflowBundle(settings.workflowBundle, path.join(settings.stackDir, 'bundle'));
  const data = await Worker.create({
    ...common,
    taskQueue: TASK_QUEUE,
    workflowBundle: deployment ? await versionedBundle(bundle) : bundle,
    sinks: createSinks(recorder),
    activities: createDataQueueActivities(dependencies),
    maxConcurrentActivityTaskExecutions: DATA_ACTIVITIES_AT_ONCE,
  });
  const training = await Worker.create({
    ...common,
    taskQueue: TRAINING_TASK_QUEUE,
    activities: createTrainingQueueActivities(dependencies),
    maxConcurrentActivityTaskExecutions: settings.trainingSlots,
  });
  const presence = new WorkerPresence(database, { hasWebhook: settings.webhook !== undefined }, warn);
  // A draining worker does not count: its successor may have another webhook.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void presence.close());
  logger.info(`worker ready on ${TASK_QUEUE} and ${TRAINING_TASK_QUEUE}`, {
    pid: process.pid,
    version: dependencies.codeVersion,
    ...deployment?.version,
  });
  try {
    await Promise.all([data.run(), training.run()]);
  } finally {
    await Promise.all([recorder.close(), stepLogs.close(), presence.close()]);
    await database.close();
    objects.close();
    await connection.close();
  }
}

function temporalLogLevel(level: string): 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' {
  const name = level.toUpperCase();
  return name === 'SILENT' ? 'ERROR' : (name as 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR');
}

try {
  await runWorker(loadSettings());
} catch (error) {
  const frames = error instanceof Error && !(error instanceof CitibikeError) ? `\n${framesOf(error)}` : '';
  process.stderr.write(`error: ${messageOf(error)}${frames}\n`);
  process.exitCode = 1;
}
