/** Compares the prediction service, with and without its log, with BentoML, bare FastAPI and MLflow's server on the same network. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { INFERENCE_NODE_FLAGS } from '../../contracts/inference-flags.ts';
import { lastWords, run } from '../../stack/install/run-command.ts';
import { PROJECT_DIR } from '../../settings.ts';
import type { Bench, BenchContext, MeasuredSection, Target, Judgement } from './harness/bench.ts';
import { freePort, startPostgres } from './harness/bench-postgres.ts';
import { installPythonList } from './harness/peer-environments.ts';
import {
  CONNECTIONS,
  measurePair,
  measureServer,
  type Load,
  type ServerContender,
  type ServerFigures,
} from './harness/server-under-load.ts';
import { MODEL, writeServedModel } from './harness/served-model.ts';
import { median, medianRatio } from './harness/statistics.ts';
import { measureSwaps } from './harness/swaps-under-load.ts';

const TURNS = 3;
const LOAD_SECONDS = 6;
const SWAPS = 50;
/** Sets the number of turns. The p99 of a few seconds rests on one of some 80 requests, so one turn is not enough. */
const SWAP_TURNS = 5;
/** Sets the requests per second during the measurement. */
const SWAP_LOAD = 1_000;
const PAIR = { launches: 3, turns: 6, seconds: 2 };
const [OURS, OURS_LOGGING, FASTAPI, BENTOML, MLFLOW] = [
  'citibike',
  'citibike, predictions logged',
  'FastAPI',
  'BentoML',
  'MLflow',
] as const;
const [ONE, HUNDRED] = [0, 1] as const;

type Runs = ReadonlyMap<string, readonly ServerFigures[]>;

function loadOf(rows: number): Load {
  const input = Array.from({ length: rows }, (_, i) => ({
    date: `2025-0${1 + (i % 9)}-${10 + (i % 18)}T${String(i % 24).padStart(2, '0')}:00:00`,
    TMAX: 40 + (i % 40),
    TMIN: 30 + (i % 30),
    SNOW: i % 20 === 0 ? 2 : 0,
  }));
  return { name: rows === 1 ? '1 row' : `${rows} rows`, rows: input };
}

async function contenders(
  dir: string,
  context: BenchContext,
  databaseUrl: string,
): Promise<ServerContender[]> {
  const { modelDir, stateDir } = await writeServedModel(dir);
  const python = await installPythonList(path.join(dir, 'python'), 'serving.txt', context.log);
  const peers = path.join(import.meta.dirname, 'peers');
  const peerEnv = {
    BENCH_MODEL: modelDir,
    PYTHONPATH: peers,
    BENTOML_DO_NOT_TRACK: 'True',
    OMP_NUM_THREADS: '1',
  };
  const ours = async (name: string, log: boolean): Promise<ServerContender> => {
    const port = await freePort();
    return {
      name,
      file: process.execPath,
      args: [...INFERENCE_NODE_FLAGS, path.join(PROJECT_DIR, 'inference', 'server.ts')],
      env: {
        MODEL_NAME: MODEL,
        INFERENCE_PORT: String(port),
        INFERENCE_STATE_DIR: stateDir,
        INFERENCE_LOG_PREDICTIONS: String(log),
        DATABASE_URL: databaseUrl,
        // No server listens on this port: the model comes from disk.
        MLFLOW_TRACKING_URI: 'http://127.0.0.1:1',
        NODE_COMPILE_CACHE: path.join(dir, 'compile-cache'),
      },
      readyUrl: `http://127.0.0.1:${port}/readyz`,
      url: `http://127.0.0.1:${port}/predict_trip`,
      rowsField: 'input_data',
    };
  };
  const peer = async (name: string, args: (port: string) => string[]): Promise<ServerContender> => {
    const port = String(await freePort());
    return {
      name,
      file: python,
      args: ['-m', ...args(port)],
      env: peerEnv,
      readyUrl: `http://127.0.0.1:${port}/livez`,
      url: `http://127.0.0.1:${port}/predict_trip`,
      rowsField: 'input_data',
    };
  };
  return [
    await ours(OURS, false),
    await ours(OURS_LOGGING, true),
    await peer(FASTAPI, (port) => [
      'uvicorn',
      'serving_fastapi:app',
      '--port',
      port,
      '--log-level',
      'warning',
    ]),
    await peer(BENTOML, (port) => [
      ...['bentoml', 'serve', 'serving_bentoml:Citibike', '--working-dir', peers],
      ...['--host', '127.0.0.1', '--port', port],
    ]),
    await mlflowServer(dir, context, peerEnv),
  ];
}

async function mlflowServer(
  dir: string,
  context: BenchContext,
  env: Readonly<Record<string, string>>,
): Promise<ServerContender> {
  const python = await installPythonList(path.join(dir, 'python-mlflow'), 'serving-mlflow.txt', context.log);
  const peerEnv = {
    ...env,
    MLFLOW_DISABLE_TELEMETRY: 'true',
    PATH: `${path.dirname(python)}:${process.env['PATH']}`,
  };
  const folder = path.join(dir, 'mlflow-model');
  if (!existsSync(folder)) {
    const program = path.join(import.meta.dirname, 'peers', 'serving_mlflow.py');
    const saved = await run(python, [program, folder], { env: { ...process.env, ...peerEnv } });
    if (saved.code !== 0) throw new Error(`serving_mlflow.py: ${lastWords(saved)}`);
  }
  const port = String(await freePort());
  return {
    name: MLFLOW,
    file: python,
    args: [
      ...['-m', 'mlflow', 'models', 'serve', '--model-uri', folder, '--env-manager', 'local'],
      ...['--host', '127.0.0.1', '--port', port, '--workers', '1'],
    ],
    env: peerEnv,
    readyUrl: `http://127.0.0.1:${port}/ping`,
    url: `http://127.0.0.1:${port}/invocations`,
    rowsField: 'dataframe_records',
  };
}

const rateOf = (runs: Runs, name: string, load: number) =>
  runs.get(name)!.map(({ loads }) => loads[load]!.requestsPerSecond);
const p99Of = (runs: Runs, name: string, load: number) =>
  runs.get(name)!.map(({ loads }) => loads[load]!.p99);

function atLeast(what: string, peer: string, load: number, times: number): Target<Runs> {
  return {
    text: `${what}: at least ${times} × the requests per second of ${peer}`,
    judge: (runs) => {
      const ratio = medianRatio(rateOf(runs, OURS, load), rateOf(runs, peer, load));
      return { passes: ratio >= times, measured: `${ratio.toFixed(1)} ×` };
    },
  };
}

function below(
  text: string,
  limit: number,
  unit: string,
  value: (run: ServerFigures) => number,
): Target<Runs> {
  return {
    text: `${OURS}: ${text} under ${limit} ${unit}`,
    judge: (runs) => {
      const worst = Math.max(...runs.get(OURS)!.map(value));
      return { passes: worst < limit, measured: `${worst.toFixed(2)} ${unit}` };
    },
  };
}

const TARGETS: readonly Target<Runs>[] = [
  atLeast('1 row', BENTOML, ONE, 12),
  atLeast('1 row', FASTAPI, ONE, 5),
  atLeast('100 rows', BENTOML, HUNDRED, 5),
  atLeast('1 row', MLFLOW, ONE, 12),
  {
    text: `1 row: at most a tenth of the p99 of ${BENTOML}`,
    judge: (runs): Judgement => {
      const ratio = medianRatio(p99Of(runs, OURS, ONE), p99Of(runs, BENTOML, ONE));
      return { passes: ratio <= 0.1, measured: `${ratio.toFixed(3)} of it` };
    },
  },
  below('memory', 150, 'MB', ({ peakBytes }) => peakBytes / 1e6),
  below('cold start to ready', 1.5, 's', ({ coldStartSeconds }) => coldStartSeconds),
  {
    text: 'no request fails',
    judge: (runs): Judgement => {
      const failed = [...runs.values()]
        .flat()
        .flatMap(({ loads }) => loads)
        .reduce((sum, one) => sum + one.failed, 0);
      return { passes: failed === 0, measured: String(failed) };
    },
  },
];

function tableOf(runs: Runs): { header: string[]; rows: string[][] } {
  const rows = [...runs].map(([name, all]) => {
    const of = (value: (run: ServerFigures) => number) => median(all.map(value));
    return [
      name,
      ...[ONE, HUNDRED].flatMap((load) => [
        of(({ loads }) => loads[load]!.requestsPerSecond).toFixed(0),
        `${of(({ loads }) => loads[load]!.p50).toFixed(0)} / ${of(({ loads }) => loads[load]!.p99).toFixed(0)}`,
        of(({ loads }) => loads[load]!.cpuMicrosPerRequest).toFixed(0),
      ]),
      (Math.max(...all.map(({ peakBytes }) => peakBytes)) / 1e6).toFixed(0),
      of(({ coldStartSeconds }) => coldStartSeconds).toFixed(2),
    ];
  });
  const load = (name: string) => [`${name}: requests/s`, 'p50 / p99, ms', 'CPU, µs'];
  return { header: ['', ...load('1 row'), ...load('100 rows'), 'peak, MB', 'ready after, s'], rows };
}

async function measure(context: BenchContext, turns = TURNS): Promise<MeasuredSection[]> {
  const postgres = await startPostgres();
  try {
    const all = await contenders(context.dir, context, postgres.url);
    const loads = [loadOf(1), loadOf(100)];
    const runs = new Map(all.map(({ name }) => [name, [] as ServerFigures[]]));
    // The first start fills the compile cache, which the second start of an installed service finds.
    await measureServer(all[0]!, [], 0);
    for (let turn = 1; turn <= turns; turn++) {
      for (const contender of all) {
        const figures = await measureServer(contender, loads, LOAD_SECONDS);
        runs.get(contender.name)!.push(figures);
        const said = figures.loads.map(
          ({ requestsPerSecond, p50, p99 }, i) =>
            `${loads[i]!.name} ${requestsPerSecond.toFixed(0)}/s p50 ${p50} p99 ${p99} ms`,
        );
        context.log(
          `  run ${turn}/${turns}  ${contender.name}: ${said.join(', ')}, ${(figures.peakBytes / 1e6).toFixed(0)} MB, ready after ${figures.coldStartSeconds.toFixed(2)} s`,
        );
      }
    }
    return [
      {
        title: `/predict_trip at ${CONNECTIONS} connections`,
        intro: `Five networks of 82 → 64 → 64 → 3, averaged; the peers compute 12 of the 82 features and leave the rest 0, in NumPy. One worker each; the load comes from autocannon on the same machine, ${LOAD_SECONDS} s after a warm-up. Memory is that of the whole process tree. Each ran in ${turns} turns.`,
        ...tableOf(runs),
        judgedTargets: TARGETS.map(({ text, judge }) => ({ text, judgement: judge(runs) })),
      },
      await measureLogging(context, [all[0]!, all[1]!], loads[ONE]!),
      await measureSwapping(context, loads[ONE]!),
    ];
  } finally {
    await postgres.stop();
  }
}

async function measureLogging(
  { log }: BenchContext,
  pair: readonly [ServerContender, ServerContender],
  load: Load,
): Promise<MeasuredSection> {
  const [without, logging] = await measurePair(pair, load, PAIR);
  const ratio = medianRatio(logging, without);
  log(
    `  logging: ${median(logging).toFixed(0)}/s, without ${median(without).toFixed(0)}/s, ${ratio.toFixed(3)} of it`,
  );
  const rowOf = (name: string, rates: readonly number[]) => [
    name,
    median(rates).toFixed(0),
    Math.min(...rates).toFixed(0),
    Math.max(...rates).toFixed(0),
  ];
  return {
    title: 'What the log of predictions costs',
    intro: `One row per request at ${CONNECTIONS} connections, both services running and called in turns of ${PAIR.seconds} s, ${PAIR.turns} turns, restarted ${PAIR.launches} times. Postgres runs on the same two cores.`,
    header: ['', 'requests/s', 'least', 'most'],
    rows: [rowOf(OURS, without), rowOf(OURS_LOGGING, logging)],
    judgedTargets: [
      {
        text: 'logging predictions costs at most 10 % of the requests per second, median of the turns',
        judgement: { passes: ratio >= 0.9, measured: `${((1 - ratio) * 100).toFixed(1)} %` },
      },
    ],
  };
}

async function measureSwapping({ dir, log }: BenchContext, { rows }: Load): Promise<MeasuredSection> {
  const figures = await measureSwaps({
    dir,
    nodeFlags: INFERENCE_NODE_FLAGS,
    body: JSON.stringify({ input_data: rows }),
    connections: CONNECTIONS,
    requestsPerSecond: SWAP_LOAD,
    swaps: SWAPS,
    turns: SWAP_TURNS,
  });
  const { quietP99, swappingP99, requests, failed } = figures;
  // Values below a millisecond count as one, because autocannon records whole milliseconds.
  const ratio = median(swappingP99) / Math.max(1, median(quietP99));
  log(
    `  ${SWAPS} swaps: p99 ${swappingP99.join(', ')} ms, quiet ${quietP99.join(', ')} ms, ${failed} of ${requests} failed`,
  );
  const rowOf = (name: string, p99: readonly number[]) => [
    name,
    median(p99).toFixed(1),
    Math.min(...p99).toFixed(1),
    Math.max(...p99).toFixed(1),
  ];
  return {
    title: `${SWAPS} swaps between two versions under load`,
    intro: `${SWAP_LOAD} one-row requests per second at ${CONNECTIONS} connections, a swap every 150 ms; ${SWAP_TURNS} turns, each quiet and then swapping. An answer fails if it is not 2xx, or if one version alone did not compute all of it.`,
    header: ['', 'p99, ms', 'least', 'most'],
    rows: [rowOf('quiet', quietP99), rowOf(`${SWAPS} swaps`, swappingP99)],
    judgedTargets: [
      {
        text: 'p99 while swapping at most 2 × the quiet one, medians of the turns',
        judgement: { passes: ratio <= 2, measured: `${ratio.toFixed(1)} ×` },
      },
      {
        text: 'no request fails, every answer is from exactly one version',
        judgement: { passes: failed === 0, measured: `${failed} of ${requests}` },
      },
    ],
  };
}

export const bench: Bench = { name: 'serving', title: 'Prediction service', measure };
