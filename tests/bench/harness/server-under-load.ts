/** Starts, loads and stops one server, and measures its start, its answers and its resources. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';

export interface ServerContender {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Path that answers below 300 once the server is ready. */
  readonly readyUrl: string;
  readonly url: string;
  /** Name of the rows in a request body. */
  readonly rowsField: string;
}

export interface Load {
  readonly name: string;
  readonly rows: readonly object[];
}

interface LoadFigures {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Number of answers other than 2xx and of requests without an answer. */
  readonly failed: number;
  readonly cpuMicrosPerRequest: number;
}

export interface ServerFigures {
  readonly coldStartSeconds: number;
  /** Highest observed sum of resident memory over the process tree. */
  readonly peakBytes: number;
  readonly loads: readonly LoadFigures[];
}

export const CONNECTIONS = 32;
const START_TIMEOUT_MS = 120_000;
const WARM_UP_SECONDS = 3;

export async function measureServer(
  contender: ServerContender,
  loads: readonly Load[],
  seconds: number,
): Promise<ServerFigures> {
  const startedAt = performance.now();
  const server = start(contender);
  const memory = watchMemory(server.pid!);
  try {
    await untilReady(contender, server, startedAt);
    const coldStartSeconds = (performance.now() - startedAt) / 1_000;
    const figures: LoadFigures[] = [];
    for (const load of loads) {
      await fire(contender, load, WARM_UP_SECONDS);
      const cpuBefore = cpuSecondsOf(server.pid!);
      const result = await fire(contender, load, seconds);
      const cpu = cpuSecondsOf(server.pid!) - cpuBefore;
      figures.push({
        requestsPerSecond: result.requests.total / result.duration,
        p50: result.latency.p50,
        p99: result.latency.p99,
        failed: result.non2xx + result.errors + result.timeouts,
        cpuMicrosPerRequest: (cpu * 1e6) / Math.max(1, result.requests.total),
      });
    }
    return { coldStartSeconds, peakBytes: memory.peak(), loads: figures };
  } finally {
    memory.stop();
    await stop(server);
  }
}

/**
 * Loads two servers in turns. Each launch starts both anew, so that the ratio includes the differences between
 * runs of a process and between minutes of the machine.
 * @returns requests per second of each, by turn.
 */
export async function measurePair(
  contenders: readonly [ServerContender, ServerContender],
  load: Load,
  { launches, turns, seconds }: { launches: number; turns: number; seconds: number },
): Promise<[number[], number[]]> {
  const rates: [number[], number[]] = [[], []];
  for (let launch = 0; launch < launches; launch++) {
    const servers: ChildProcess[] = [];
    try {
      for (const contender of contenders) {
        const server = start(contender);
        servers.push(server);
        await untilReady(contender, server, performance.now());
        await fire(contender, load, WARM_UP_SECONDS);
      }
      for (let turn = 0; turn < turns; turn++) {
        for (const i of turn % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
          const result = await fire(contenders[i], load, seconds);
          rates[i].push(result.requests.total / result.duration);
        }
      }
    } finally {
      await Promise.all(servers.map(stop));
    }
  }
  return rates;
}

function start({ file, args, env }: ServerContender): ChildProcess {
  return spawn(file, args, { env: { ...process.env, ...env }, stdio: 'ignore' });
}

async function fire(contender: ServerContender, load: Load, seconds: number): Promise<autocannon.Result> {
  return autocannon({
    url: contender.url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ [contender.rowsField]: load.rows }),
    connections: CONNECTIONS,
    duration: seconds,
  });
}

async function untilReady(
  { name, readyUrl }: ServerContender,
  server: ChildProcess,
  startedAt: number,
): Promise<void> {
  for (;;) {
    if (server.exitCode !== null)
      throw new Error(`${name}: ended with ${server.exitCode} before it was ready`);
    if (performance.now() - startedAt > START_TIMEOUT_MS) throw new Error(`${name}: not ready in time`);
    const ready = await fetch(readyUrl).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await sleep(20);
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = once(server, 'exit');
  const left = treeOf(server.pid!).slice(1);
  server.kill('SIGTERM');
  const timer = setTimeout(() => server.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
  for (const pid of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // The child has ended with its parent.
    }
  }
}

/** Returns a process and all its descendants from /proc (Linux). */
function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = statOf(Number(name))?.parent;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [root];
  for (let i = 0; i < tree.length; i++) tree.push(...(children.get(tree[i]!) ?? []));
  return tree;
}

/** A tick is 1/100 s on every Linux that Node runs on; a page is 4 KiB on x86-64 and most of arm64. */
const [TICKS, PAGE] = [100, 4_096] as const;

function statOf(pid: number): { parent: number; cpuSeconds: number; bytes: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may contain any character.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return {
      parent: fields[1]!,
      cpuSeconds: (fields[11]! + fields[12]!) / TICKS,
      bytes: fields[21]! * PAGE,
    };
  } catch {
    return undefined;
  }
}

const cpuSecondsOf = (pid: number): number =>
  treeOf(pid).reduce((sum, one) => sum + (statOf(one)?.cpuSeconds ?? 0), 0);

function watchMemory(pid: number): { peak: () => number; stop: () => void } {
  let peak = 0;
  const look = (): void => {
    const now = treeOf(pid).reduce((sum, one) => sum + (statOf(one)?.bytes ?? 0), 0);
    peak = Math.max(peak, now);
  };
  const timer = setInterval(look, 250);
  return {
    peak: () => {
      look();
      return peak;
    },
    stop: () => clearInterval(timer),
  };
}
