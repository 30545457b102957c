/** Measures the cost of swaps for callers: the same steady load with and without swaps, with every answer checked. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import type { SwapOrder, SwappingServiceReady } from './swapping-service.ts';

export interface SwapFigures {
  /** Milliseconds of all requests in a phase, by turn: quiet, then swapping. */
  readonly quietP99: readonly number[];
  readonly swappingP99: readonly number[];
  readonly requests: number;
  /** Requests without an answer, with a status other than 2xx, or with an answer that mixes versions. */
  readonly failed: number;
}

interface Options {
  readonly dir: string;
  readonly nodeFlags: readonly string[];
  readonly body: string;
  readonly connections: number;
  /** Requests per second, far below capacity, so that the latency contains no queueing. */
  readonly requestsPerSecond: number;
  /** Number of swaps in each turn. */
  readonly swaps: number;
  readonly turns: number;
}

const SWAP_EVERY_MS = 150;

export async function measureSwaps(options: Options): Promise<SwapFigures> {
  const stateDir = mkdtempSync(path.join(options.dir, 'swaps-'));
  const child = fork(path.join(import.meta.dirname, 'swapping-service.ts'), [stateDir], {
    execArgv: [...options.nodeFlags],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    const [{ port }] = (await once(child, 'message')) as [SwappingServiceReady];
    const swapTo = async (version: string): Promise<void> => {
      child.send({ version } satisfies SwapOrder);
      await once(child, 'message');
    };
    const url = `http://127.0.0.1:${port}/predict_trip`;
    const answers = new Set<string>();
    for (const version of ['1', '2']) {
      await swapTo(version);
      answers.add(await answerOf(url, options.body));
    }
    if (answers.size !== 2)
      throw new Error('both versions answer the same: their answers cannot be told apart');

    const seconds = (options.swaps * SWAP_EVERY_MS) / 1_000;
    const load = () =>
      autocannon({
        url,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: options.body,
        connections: options.connections,
        overallRate: options.requestsPerSecond,
        duration: seconds,
        verifyBody: (body) => answers.has(String(body)),
      });
    const swapAll = async (): Promise<void> => {
      for (let swap = 1; swap <= options.swaps; swap++) {
        await Promise.all([swapTo(swap % 2 === 1 ? '1' : '2'), sleep(SWAP_EVERY_MS * 0.9)]);
      }
    };
    await load();
    const [quiet, swapping]: [autocannon.Result[], autocannon.Result[]] = [[], []];
    for (let turn = 0; turn < options.turns; turn++) {
      quiet.push(await load());
      swapping.push((await Promise.all([load(), swapAll()]))[0]);
    }
    return {
      quietP99: quiet.map(({ latency }) => latency.p99),
      swappingP99: swapping.map(({ latency }) => latency.p99),
      requests: swapping.reduce((sum, { requests }) => sum + requests.total, 0),
      failed: [...quiet, ...swapping].reduce(
        (sum, { non2xx, errors, timeouts, mismatches }) => sum + non2xx + errors + timeouts + mismatches,
        0,
      ),
    };
  } finally {
    child.disconnect();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

async function answerOf(url: string, body: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return response.text();
}
