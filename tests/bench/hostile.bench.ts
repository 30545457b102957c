/**
 * Attacks both servers with a fixed list of hostile requests while a well-behaved caller continues. Set
 * HOSTILE_SECONDS=12 for a short run.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { INFERENCE_NODE_FLAGS } from '../../contracts/inference-flags.ts';
import { MAX_BODY_BYTES } from '../../inference/schemas/body-limits.ts';
import { PROJECT_DIR } from '../../settings.ts';
import { freePort } from './harness/bench-postgres.ts';
import type { Bench, BenchContext, JudgedTarget, MeasuredSection } from './harness/bench.ts';
import { MODEL, writeServedModel } from './harness/served-model.ts';
import { median } from './harness/statistics.ts';
import { startAttacked, type AttackedServer } from './hostile/attacked-server.ts';
import { CONNECTIONS, type AttackAnswers, type AttackOrder } from './hostile/attackers.ts';
import { callWell, percentile, type Call, type CallerFigures } from './hostile/well-behaved.ts';

/** Sets the total duration of the attacks in seconds, over all rounds. */
const ATTACK_SECONDS = Number(process.env['HOSTILE_SECONDS'] ?? 60);
const TURNS = 3;
const WARM_UP_SECONDS = 3;
/** Sets the time until the server drops slow callers and closes idle connections. */
const IDLE_MS = 20_000;
const [MOST_HOLD_MS, MOST_TIMES_P99, MOST_HEAP_MB] = [50, 3, 20] as const;
/** Holds the settings with addresses at which no server listens. */
const NOWHERE = {
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  MLFLOW_TRACKING_URI: 'http://127.0.0.1:1',
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
};
const ROWS = [{ date: '2025-01-15T08:00:00', TMAX: 40, TMIN: 30, SNOW: 0 }];

interface Target {
  readonly title: string;
  readonly server: AttackedServer;
  readonly call: Call;
  readonly attack: Omit<AttackOrder, 'seconds'>;
}

interface Turn {
  readonly quiet: CallerFigures;
  readonly attacked: CallerFigures;
  readonly answers: AttackAnswers;
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function attackers(order: AttackOrder): Promise<AttackAnswers> {
  const child = fork(path.join(import.meta.dirname, 'hostile', 'attackers.ts'));
  child.send(order);
  const [answers] = (await once(child, 'message')) as [AttackAnswers];
  return answers;
}

async function runTurn({ server, call, attack }: Target, seconds: number): Promise<Turn> {
  const quiet = await callWell(call, seconds / 2);
  await server.probe('holds');
  const attacking = attackers({ ...attack, seconds });
  const attacked = await callWell(call, seconds);
  const { wallMs, cpuMs } = await server.probe('holds');
  return { quiet, attacked, answers: await attacking, wallMs, cpuMs };
}

const isRejected = (status: string): boolean => /^4\d\d$/.test(status) || status === '503';

async function measureTarget(target: Target, log: BenchContext['log']): Promise<MeasuredSection> {
  const { server, title } = target;
  await callWell(target.call, WARM_UP_SECONDS);
  const heapBefore = (await server.probe('heap')).heapMb;
  const turns: Turn[] = [];
  for (let i = 0; i < TURNS && server.isAlive; i++) {
    const turn = await runTurn(target, Math.ceil(ATTACK_SECONDS / TURNS));
    turns.push(turn);
    log(
      `  ${title}, turn ${i + 1}/${TURNS}: p99 ${p99(turn.quiet)} → ${p99(turn.attacked)} ms, longest hold ${turn.wallMs.toFixed(0)} ms (CPU ${turn.cpuMs.toFixed(0)} ms)`,
    );
  }
  await sleep(IDLE_MS);
  const heapAfter = server.isAlive ? (await server.probe('heap')).heapMb : Number.NaN;
  return sectionOf(title, turns, server.isAlive, heapAfter - heapBefore);
}

const p99 = ({ latencies }: CallerFigures): string => percentile(latencies, 0.99).toFixed(1);

function sectionOf(
  title: string,
  turns: readonly Turn[],
  isAlive: boolean,
  heapGrowth: number,
): MeasuredSection {
  const rows = attackRows(turns);
  const wrong = turns.flatMap(({ answers }) =>
    Object.values(answers).flatMap((of) => Object.entries(of).filter(([status]) => !isRejected(status))),
  );
  const failed = turns.reduce((sum, { quiet, attacked }) => sum + quiet.failed + attacked.failed, 0);
  const ratio = median(
    turns.map(
      ({ quiet, attacked }) => percentile(attacked.latencies, 0.99) / percentile(quiet.latencies, 0.99),
    ),
  );
  const [wallMs, cpuMs] = [
    Math.max(...turns.map((turn) => turn.wallMs)),
    Math.max(...turns.map((turn) => turn.cpuMs)),
  ];
  const latency = (of: (turn: Turn) => CallerFigures): string =>
    [0.5, 0.99]
      .map((share) => median(turns.map((turn) => percentile(of(turn).latencies, share))).toFixed(1))
      .join(' / ');
  const judgedTargets: JudgedTarget[] = [
    judged('no crash', isAlive, isAlive ? 'alive' : 'ended'),
    judged(
      'every hostile request is answered with 4xx or 503',
      wrong.length === 0,
      `${wrong.length} otherwise`,
    ),
    judged(
      `no request holds the event loop for more than ${MOST_HOLD_MS} ms of its thread's time`,
      cpuMs <= MOST_HOLD_MS,
      `${cpuMs.toFixed(0)} ms; by the clock ${wallMs.toFixed(0)} ms`,
    ),
    judged(
      `well-behaved p99 at most ${MOST_TIMES_P99} times that without hostile callers`,
      ratio <= MOST_TIMES_P99,
      `${ratio.toFixed(1)} times`,
    ),
    judged('no well-behaved request fails', failed === 0, String(failed)),
    judged(
      `heap back to within ${MOST_HEAP_MB} MB`,
      heapGrowth <= MOST_HEAP_MB,
      `${heapGrowth.toFixed(1)} MB more`,
    ),
  ];
  return {
    title,
    intro: `${CONNECTIONS} hostile connections for ${ATTACK_SECONDS} s in ${TURNS} turns, each after a turn of half its length without them; meanwhile 100 well-behaved requests per second. Their p50 / p99: ${latency(({ quiet }) => quiet)} ms without, ${latency(({ attacked }) => attacked)} ms with hostile callers. All on one machine: hostile callers are one process at niceness 10. Holds are looked at every 2 ms inside the server; the clock counts the time that other processes took of the core. Heap is what a full collection leaves.`,
    header: ['hostile request', 'sent', 'answers'],
    rows,
    judgedTargets,
  };
}

const judged = (text: string, passes: boolean, measured: string): JudgedTarget => ({
  text,
  judgement: { passes, measured },
});

function attackRows(turns: readonly Turn[]): string[][] {
  const names = Object.keys(turns[0]?.answers ?? {});
  return names.map((name) => {
    const sums = new Map<string, number>();
    for (const { answers } of turns)
      for (const [status, count] of Object.entries(answers[name] ?? {}))
        sums.set(status, (sums.get(status) ?? 0) + count);
    const sent = [...sums.values()].reduce((sum, count) => sum + count, 0);
    return [name, String(sent), [...sums].map(([status, count]) => `${status}: ${count}`).join(', ')];
  });
}

async function measure({ dir, log }: BenchContext): Promise<MeasuredSection[]> {
  const { stateDir } = await writeServedModel(dir);
  const [port, consolePort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const service = await startAttacked(
    path.join(PROJECT_DIR, 'inference', 'server.ts'),
    INFERENCE_NODE_FLAGS,
    {
      ...NOWHERE,
      MODEL_NAME: MODEL,
      INFERENCE_PORT: String(port),
      INFERENCE_STATE_DIR: stateDir,
      INFERENCE_LOG_PREDICTIONS: 'false',
    },
    `${url}/readyz`,
  );
  const sections: MeasuredSection[] = [];
  try {
    const body = JSON.stringify({ input_data: ROWS });
    sections.push(
      await measureTarget(
        {
          title: 'Prediction service, /predict_trip',
          server: service,
          call: { url: `${url}/predict_trip`, body },
          attack: { port, route: '/predict_trip', bodyBytes: MAX_BODY_BYTES },
        },
        log,
      ),
    );
    const consoleServer = await startAttacked(
      path.join(PROJECT_DIR, 'console', 'api', 'server.ts'),
      [],
      { ...NOWHERE, CONSOLE_PORT: String(consolePort), INFERENCE_URL: url },
      `http://127.0.0.1:${consolePort}/livez`,
    );
    try {
      sections.push(
        await measureTarget(
          {
            title: 'Console, /api/predict',
            server: consoleServer,
            call: { url: `http://127.0.0.1:${consolePort}/api/predict`, body },
            attack: { port: consolePort, route: '/api/predict', bodyBytes: CONSOLE_BODY_BYTES },
          },
          log,
        ),
      );
    } finally {
      await consoleServer.stop();
    }
  } finally {
    await service.stop();
  }
  return sections;
}

/** Equals the value in console/api/app.ts. */
const CONSOLE_BODY_BYTES = 256 * 1024;

export const bench: Bench = { name: 'hostile', title: 'Hostile callers', measure };
