/** Starts many lifecycles and drift checks at once on two workers, and counts that none is lost or doubled. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Database } from '../../adapters/postgres/database.ts';
import { MlflowClient } from '../../adapters/mlflow/mlflow-client.ts';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { startWorkflow } from '../../client/start.ts';
import { writeSample } from '../../client/write-sample.ts';
import type { LifecycleResult } from '../../contracts/workflows/lifecycle.ts';
import type { Settings } from '../../settings.ts';
import { addSourceFolder } from '../../stack/source-folders.ts';
import { OwnWorker } from '../integration/training-faults/own-worker.ts';
import { runFleet, type Fleet } from './fleet/run-fleet.ts';
import type { BenchReport, JudgedTarget, ReportBench } from './harness/bench.ts';
import { withOwnStack } from './harness/own-stack.ts';
import { peakMemoryOf, pidOf, resetPeakMemory } from './harness/stack-processes.ts';
import { markdownTable } from './harness/report.ts';

const SIZES = [5, 10, 20] as const;
/** FLEET=5 makes a short run: at most five lifecycles at once, and five models. */
const LARGEST = Number(process.env['FLEET'] ?? SIZES.at(-1));
/** Short trainings, because the bench measures what runs cost beside training. */
const hyperParameters = { epochs: 5 };
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

const MODELS = Array.from({ length: LARGEST }, (_, i) => `fleet-${i + 1}`);

interface MeasuredFleet extends Fleet {
  /** Peak memory of each process during the fleet, in bytes. */
  readonly peaks: readonly number[];
}

async function versionsOf({ mlflow }: Settings, model: string): Promise<string[]> {
  return (await new MlflowClient(mlflow).searchVersions(model)).map(({ version }) => version);
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

function rowOf({ name, started, results, seconds, events, peaks }: MeasuredFleet): string[] {
  const total = events.reduce((sum, count) => sum + count, 0);
  const perMinute = (60 * results.length) / seconds;
  const memory = peaks.map((bytes) => (bytes / 1e6).toFixed(0));
  const perRun = (total / started).toFixed(0);
  return [name, seconds.toFixed(0), perMinute.toFixed(1), perRun, `${events.length}`, ...memory];
}

function target(text: string, passes: boolean, measured: string): JudgedTarget {
  return { text, judgement: { passes, measured } };
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
    const pids = [pidOf(settings, 'worker'), second.pid, pidOf(settings, 'temporal')];
    const run = async (name: string, type: string, inputs: readonly object[]): Promise<MeasuredFleet> => {
      pids.forEach(resetPeakMemory);
      const fleet = await runFleet(client, name, type, inputs, log);
      return { ...fleet, peaks: pids.map(peakMemoryOf) };
    };
    const lifecycles: MeasuredFleet[] = [];
    for (const size of SIZES.filter((size) => size <= LARGEST)) {
      const seeds = Array.from({ length: size }, (_, i) => 100 * size + i);
      const inputs = seeds.map((seed) => ({ train: TRAIN, test: TEST, source, hyperParameters, seed }));
      lifecycles.push(await run(`lifecycles-${size}`, 'lifecycle', inputs));
    }
    const trainings = await run(
      'trainings',
      'training',
      MODELS.map((model, i) => ({ train: TRAIN, test: TEST, model, hyperParameters, seed: i + 1 })),
    );
    const checks = await run(
      'checks',
      'monitoring',
      MODELS.flatMap((model) => CHECKED.map((current) => ({ model, current, retrain: false }))),
    );
    const fleets = [...lifecycles, trainings, checks];
    const started = fleets.reduce((sum, fleet) => sum + fleet.started, 0);
    const completed = fleets.reduce((sum, { results }) => sum + results.length, 0);
    const reported = lifecycles
      .flatMap(({ results }) => results as LifecycleResult[])
      .map(({ training }) => training.version);
    const registered = await versionsOf(settings, settings.modelName);
    const isOneEach =
      new Set(reported).size === reported.length &&
      registered.length === reported.length &&
      registered.every((version) => reported.includes(version));
    const versions = await Promise.all(
      MODELS.map(async (model) => (await versionsOf(settings, model)).length),
    );
    const decisions = await decisionsOf(settings, MODELS);
    return {
      command: 'make bench BENCH=fleet',
      ...(LARGEST !== SIZES.at(-1) && { section: `fleet-${LARGEST}` }),
      blocks: [
        'Synthetic New York, 15 months in the cache, on a stack of its own with a second worker; trainings of five epochs. All runs of a row start at once. Lifecycles share one model, each with a seed of its own; trainings have a model each, which the drift checks read. Events are those of a run and its children. Memory is the peak of the process during the row, without trainers.',
        markdownTable(
          [
            'at once',
            'wall, s',
            'runs per minute',
            'events per run',
            'workflows',
            'first worker, MB',
            'second worker, MB',
            'Temporal server, MB',
          ],
          fleets.map(rowOf),
        ),
      ],
      judgedTargets: [
        target('every run completes', completed === started, `${completed} of ${started}`),
        target(
          'each lifecycle registered one version',
          isOneEach,
          `${registered.length} versions, ${new Set(reported).size} of them reported by ${reported.length} lifecycles`,
        ),
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
