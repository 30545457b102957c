/** Starts many lifecycles and drift checks at once on two workers, and counts that none is lost or doubled. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client } from '@temporalio/client';
import { Database } from '../../adapters/postgres/database.ts';
import { MlflowClient } from '../../adapters/mlflow/mlflow-client.ts';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { startWorkflow } from '../../client/start.ts';
import { writeSample } from '../../client/write-sample.ts';
import type { Settings } from '../../settings.ts';
import { addSourceFolder } from '../../stack/source-folders.ts';
import { OwnWorker } from '../integration/training-faults/own-worker.ts';
import type { BenchReport, JudgedTarget, ReportBench } from './harness/bench.ts';
import { withOwnStack } from './harness/own-stack.ts';
import { peakMemoryOf, pidOf } from './harness/stack-processes.ts';
import { markdownTable } from './harness/report.ts';

const SIZES = [5, 10, 20];
const TRAIN = { from: '2024-01', to: '2024-12' };
const TEST = { from: '2025-01', to: '2025-03' };
/** Spans that are checked for each of the models. */
const CHECKED = [
  { from: '2025-01', to: '2025-01' },
  { from: '2025-02', to: '2025-02' },
  { from: '2025-03', to: '2025-03' },
  { from: '2025-01', to: '2025-02' },
  { from: '2025-02', to: '2025-03' },
];

interface Fleet {
  readonly name: string;
  readonly started: number;
  readonly completed: number;
  readonly seconds: number;
  /** Events in the histories of the fleet's runs and their children, by run. */
  readonly events: readonly number[];
}

const MODELS = Array.from({ length: 20 }, (_, i) => `fleet-${i + 1}`);

/** Starts all runs at once and waits for them. A run that fails counts as lost. */
async function runFleet(
  client: Client,
  name: string,
  type: string,
  inputs: readonly object[],
  log: (line: string) => void,
): Promise<Fleet> {
  log(`  ${name}: ${inputs.length} runs of ${type}`);
  const startedAt = performance.now();
  const handles = await Promise.all(
    inputs.map((input, i) => startWorkflow(client, type, input, `${name}-${i + 1}`)),
  );
  const results = await Promise.allSettled(handles.map((handle) => handle.result()));
  const seconds = (performance.now() - startedAt) / 1000;
  for (const result of results) if (result.status === 'rejected') log(`  ${String(result.reason)}`);
  const events: number[] = [];
  for await (const run of client.workflow.list({ query: `WorkflowId STARTS_WITH '${name}-'` }))
    events.push(run.historyLength);
  const completed = results.filter(({ status }) => status === 'fulfilled').length;
  log(`  ${completed} completed in ${seconds.toFixed(0)} s`);
  return { name: `${inputs.length} × ${type}`, started: inputs.length, completed, seconds, events };
}

async function versionsOf({ mlflow }: Settings, model: string): Promise<number> {
  return (await new MlflowClient(mlflow).searchVersions(model)).length;
}

/** Counts decisions of drift checks by model. */
async function decisionsOf({ databaseUrl }: Settings, models: readonly string[]): Promise<number[]> {
  const database = new Database(databaseUrl);
  try {
    const rows = await database.query<{ model: string; decisions: number }>(
      'SELECT model, count(*)::integer AS decisions FROM drift_decisions WHERE model = ANY ($1) GROUP BY model',
      [models],
    );
    const decisions = new Map(rows.map((row) => [row.model, row.decisions]));
    return models.map((model) => decisions.get(model) ?? 0);
  } finally {
    await database.close();
  }
}

function rowOf({ name, started, completed, seconds, events }: Fleet): string[] {
  const total = events.reduce((sum, count) => sum + count, 0);
  const perMinute = (60 * completed) / seconds;
  return [name, seconds.toFixed(0), perMinute.toFixed(1), (total / started).toFixed(0), `${events.length}`];
}

function target(text: string, passes: boolean, measured: string): JudgedTarget {
  return { text, verdict: { passes, measured } };
}

async function measureFleets(
  settings: Settings,
  dir: string,
  log: (line: string) => void,
): Promise<BenchReport> {
  const sample = path.join(dir, 'sample');
  await writeSample({ out: sample });
  const source = { trips: pathToFileURL(sample).href };
  addSourceFolder(settings, source.trips);
  const { client, connection } = await connectClient(settings.temporal);
  const second = await OwnWorker.start({ PORT_OFFSET: String(settings.portOffset) });
  try {
    // All fleets find the months in the cache, the first one too.
    const ingest = await startWorkflow(client, 'ingest', { from: TRAIN.from, to: TEST.to, source });
    await ingest.result();
    const fleets: Fleet[] = [];
    const run = async (name: string, type: string, inputs: readonly object[]) =>
      void fleets.push(await runFleet(client, name, type, inputs, log));
    for (const size of SIZES) {
      const seeds = Array.from({ length: size }, (_, i) => 100 * size + i);
      const inputs = seeds.map((seed) => ({ train: TRAIN, test: TEST, source, seed }));
      await run(`lifecycles-${size}`, 'lifecycle', inputs);
    }
    const trainings = MODELS.map((model, i) => ({ train: TRAIN, test: TEST, model, seed: i + 1 }));
    await run('trainings', 'training', trainings);
    const checks = MODELS.flatMap((model) => CHECKED.map((current) => ({ model, current, retrain: false })));
    await run('checks', 'monitoring', checks);
    const lost = fleets.reduce((sum, { started, completed }) => sum + started - completed, 0);
    const lifecycles = SIZES.reduce((sum, size) => sum + size, 0);
    const served = await versionsOf(settings, settings.modelName);
    const versions = await Promise.all(MODELS.map((model) => versionsOf(settings, model)));
    const decisions = await decisionsOf(settings, MODELS);
    return {
      command: 'make bench BENCH=fleet',
      blocks: [
        'Synthetic New York, 15 months in the cache, on a stack of its own with a second worker. All runs of a row start at once. Lifecycles share one model, each with a seed of its own; trainings have a model each, which the drift checks read. Events are those of a run and its children.',
        markdownTable(
          ['at once', 'wall, s', 'runs per minute', 'events per run', 'workflows'],
          fleets.map(rowOf),
        ),
        markdownTable(
          ['process', 'peak memory, MB'],
          Object.entries({
            'first worker': pidOf(settings, 'worker'),
            'second worker': second.pid,
            'Temporal server': pidOf(settings, 'temporal'),
          }).map(([name, pid]) => [name, (peakMemoryOf(pid) / 1e6).toFixed(0)]),
        ),
      ],
      verdicts: [
        target('every run completes', lost === 0, `${lost} lost`),
        target('each lifecycle registered one version', served === lifecycles, `${served} of ${lifecycles}`),
        target(
          'each training registered one version',
          versions.every((count) => count === 1),
          `${Math.min(...versions)} to ${Math.max(...versions)}`,
        ),
        target(
          `each model has one decision per checked span, ${CHECKED.length}`,
          decisions.every((count) => count === CHECKED.length),
          `${Math.min(...decisions)} to ${Math.max(...decisions)}`,
        ),
      ],
    };
  } finally {
    await second.end('SIGTERM');
    await connection.close();
    await rm(sample, { recursive: true, force: true });
  }
}

export const bench: ReportBench = {
  name: 'fleet',
  title: 'Many runs at once',
  onDemand: 'takes about 15 minutes',
  measure: ({ dir, log }) => withOwnStack(log, (settings) => measureFleets(settings, dir, log)),
};
