/** Tests two versions of a worker on a server: where runs end, which runs move, and when a version has drained. */
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { deploymentOptions, versionedBundle } from '../../adapters/temporal/worker-version.ts';
import { createActivityInterceptors } from '../../adapters/temporal/activity-interceptor.ts';
import {
  deploymentNames,
  rampVersion,
  readDeployment,
  setCurrentVersion,
} from '../../adapters/temporal/worker-deployments.ts';
import type { Progress } from '../../contracts/progress.ts';
import { TASK_QUEUE, TRAINING_TASK_QUEUE } from '../../contracts/task-queues.ts';
import { loadSettings } from '../../settings.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/progress.ts';
import { fakeActivities } from './harness/fake-activities.ts';
import { newModel } from './harness/workflow-lab.ts';

const DEPLOYMENT = 'citibike';
const span = { train: { from: '2024-01', to: '2024-12' }, test: { from: '2025-01', to: '2025-03' } };
/** A timer of 30 days is not skipped. */
const approval = { required: true, timeoutHours: 24 * 30 };

/** Holds the names in the order of `temporal.api.enums.v1.VersioningBehavior`. */
const BEHAVIOURS = ['unversioned', 'pinned', 'moving'];

const SILENT = { stepStarted: () => undefined, stepClosed: () => undefined };

let environment: TestWorkflowEnvironment;
const running: { readonly workers: readonly Worker[]; readonly ended: Promise<unknown> }[] = [];
/** Holds the trainings of the first version until the test releases them. */
const gate = Promise.withResolvers<void>();
let stopSecond: () => Promise<void>;

/** Starts both workers of a build as `worker.ts` does. @param buildId undefined: unversioned. */
async function startWorkers(buildId: string | undefined): Promise<() => Promise<void>> {
  const activities = fakeActivities();
  const { trainModel } = activities;
  if (buildId === 'first') activities.trainModel = (input) => gate.promise.then(() => trainModel(input));
  const common = {
    connection: environment.nativeConnection,
    activities,
    interceptors: { activity: [createActivityInterceptors(SILENT)] },
    ...(buildId && {
      workerDeploymentOptions: deploymentOptions({ name: DEPLOYMENT, buildId }, undefined),
    }),
  };
  const bundle = { codePath: inject('workflowBundle') };
  const workers = await Promise.all([
    Worker.create({
      ...common,
      taskQueue: TASK_QUEUE,
      workflowBundle: buildId ? await versionedBundle(bundle) : bundle,
      sinks: { runs: { started: { fn: () => undefined }, closed: { fn: () => undefined } } },
    }),
    Worker.create({ ...common, taskQueue: TRAINING_TASK_QUEUE }),
  ]);
  const ended = Promise.all(workers.map((worker) => worker.run()));
  const entry = { workers, ended };
  running.push(entry);
  return async () => {
    running.splice(running.indexOf(entry), 1);
    for (const worker of workers) worker.shutdown();
    await ended;
  };
}

/** Makes a build current as soon as Temporal has seen its workers. */
async function makeCurrent(buildId: string): Promise<void> {
  await expect
    .poll(() => setCurrentVersion(environment.client, DEPLOYMENT, buildId).then(() => buildId, String))
    .toBe(buildId);
}

function start(
  type: string,
  input: object,
  searchAttributes: Record<string, Date[]> = {},
): Promise<WorkflowHandle> {
  const { workflow } = environment.client;
  const workflowId = `${type}-${newModel()}`;
  return workflow.start(type, { taskQueue: TASK_QUEUE, workflowId, args: [input], searchAttributes });
}

async function versioningOf({ workflowId }: WorkflowHandle): Promise<string> {
  const { raw } = await environment.client.workflow.getHandle(workflowId).describe();
  const { behavior, deploymentVersion } = raw.workflowExecutionInfo?.versioningInfo ?? {};
  return `${BEHAVIOURS[behavior ?? 0]} ${deploymentVersion?.buildId ?? 'nowhere'}`;
}

async function reaches(workflowId: string, stage: string): Promise<void> {
  const handle = environment.client.workflow.getHandle(workflowId);
  const stageOf = () => handle.query<Progress>('progress').then((progress) => progress.stage, String);
  await expect.poll(stageOf).toBe(stage);
}

function approve(workflowId: string): Promise<unknown> {
  const handle = environment.client.workflow.getHandle(workflowId);
  return handle.executeUpdate('approvePromotion', { args: [{ approve: true, by: 'ada' }] });
}

async function statuses(): Promise<Record<string, string>> {
  const { versions } = await readDeployment(environment.client, DEPLOYMENT);
  return Object.fromEntries(
    versions.map(({ buildId, status, pinnedRuns }) => [buildId, `${status} ${pinnedRuns}`]),
  );
}

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const drains = (name: string) => [
    '--dynamic-config-value',
    `matching.wv.VersionDrainageStatus${name}="1s"`,
  ];
  environment = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path: path.join(loadSettings().stackDir, 'bin', 'temporal') },
      searchAttributes: Object.values(SEARCH_ATTRIBUTES),
      // By default, Temporal looks every three minutes whether a version has drained.
      extraArgs: [...drains('VisibilityGracePeriod'), ...drains('RefreshInterval')],
    },
  });
});

afterAll(async () => {
  gate.resolve();
  for (const { workers } of running) for (const worker of workers) worker.shutdown();
  await Promise.all(running.map(({ ended }) => ended));
  await environment?.teardown();
});

test('a pinned run ends where it started, a waiting run moves, and the version drains', async () => {
  const { client } = environment;
  const stopUnversioned = await startWorkers(undefined);
  const old = await start('training', { ...span, model: newModel(), approval });
  await reaches(old.workflowId, 'approval');
  expect(await versioningOf(old)).toBe('unversioned nowhere');

  const stopFirst = await startWorkers('first');
  await makeCurrent('first');
  await stopUnversioned();
  const pinned = await start('training', { ...span, model: newModel() });
  await reaches(pinned.workflowId, 'train');
  const waiting = await start('lifecycle', { ...span, model: newModel(), approval });
  const child = `${waiting.workflowId}-training`;
  await reaches(child, 'train');
  const late = await start(
    'monitoring',
    { model: 'm' },
    { TemporalScheduledStartTime: [new Date('2025-02-05T06:00:00-05:00')] },
  );
  expect(await late.result()).toMatchObject({ decision: 'keep' });
  expect(await versioningOf(late)).toBe('moving first');

  stopSecond = await startWorkers('second');
  await makeCurrent('second');
  const fresh = await start('training', { ...span, model: newModel() });
  expect(await fresh.result()).toMatchObject({ version: '2' });
  expect(await versioningOf(fresh)).toBe('pinned second');
  expect(await statuses()).toEqual({ first: 'draining 1', second: 'current 0' });

  gate.resolve();
  expect(await pinned.result()).toMatchObject({ version: '2' });
  expect(await versioningOf(pinned)).toBe('pinned first');
  await reaches(child, 'approval');
  await expect.poll(statuses).toEqual({ first: 'drained 0', second: 'current 0' });
  await stopFirst();

  for (const id of [child, old.workflowId]) {
    await approve(id);
    const handle = client.workflow.getHandle(id);
    expect(await handle.result()).toMatchObject({ promotion: { promote: true } });
    expect(await versioningOf(handle)).toBe('moving second');
  }
  expect(await waiting.result()).toMatchObject({ monitoring: { decision: 'keep' } });
  expect(await versioningOf(waiting)).toBe('moving second');
}, 120_000);

test('a version ramps, and the ramp ends', async () => {
  const { client } = environment;
  await startWorkers('third');
  await expect.poll(statuses).toMatchObject({ third: 'inactive 0' });
  await expect
    .poll(() => rampVersion(client, DEPLOYMENT, 'third', 25).then(() => 'ramps', String))
    .toBe('ramps');
  const { current, versions } = await readDeployment(client, DEPLOYMENT);
  expect(current).toBe('second');
  expect(versions.find(({ buildId }) => buildId === 'third')).toMatchObject({
    status: 'ramping',
    percent: 25,
  });
  await rampVersion(client, DEPLOYMENT, 'third', 0);
  await expect.poll(statuses).toMatchObject({ third: 'drained 0' });
});

test('an unknown build id or deployment is rejected by name', async () => {
  const { client } = environment;
  expect(await deploymentNames(client)).toEqual([DEPLOYMENT]);
  await expect(setCurrentVersion(client, DEPLOYMENT, 'fourth')).rejects.toThrow(
    /got "fourth", expected a build .*third/,
  );
  await expect(readDeployment(client, 'bike')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});

test('a waiting run continues on unversioned workers when versioning ends', async () => {
  const { client } = environment;
  const waiting = await start('training', { ...span, model: newModel(), approval });
  await reaches(waiting.workflowId, 'approval');
  expect(await versioningOf(waiting)).toBe('moving second');
  await startWorkers(undefined);
  await setCurrentVersion(client, DEPLOYMENT, null);
  await expect.poll(statuses).toEqual({ first: 'drained 0', second: 'drained 0', third: 'drained 0' });
  await stopSecond();
  await approve(waiting.workflowId);
  expect(await waiting.result()).toMatchObject({ promotion: { promote: true } });
  expect(await versioningOf(waiting)).toBe('unversioned nowhere');
});
