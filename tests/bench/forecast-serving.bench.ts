/** Compares GET /v1/forecast with a static route of the same bytes in the same process, and measures what a forecast takes of memory. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import autocannon from 'autocannon';
import { FORECAST_HOURS, FORECAST_INTERVALS } from '../../contracts/demand-forecast.ts';
import { INFERENCE_NODE_FLAGS } from '../../contracts/inference-flags.ts';
import type { Bench, BenchContext, MeasuredSection } from './harness/bench.ts';
import { STATIC_ROUTE, type ForecastOrder, type ForecastServiceState } from './harness/forecast-service.ts';
import { CONNECTIONS } from './harness/server-under-load.ts';
import { median, medianRatio } from './harness/statistics.ts';

const [TURNS, SECONDS, WARM_UP_SECONDS] = [5, 4, 3] as const;
const [LEAST_RATIO, MOST_BYTES] = [0.8, 5e6] as const;
const FORECAST_ROUTE = '/v1/forecast';
const REVALIDATED = `${FORECAST_ROUTE}, 304`;

async function order(child: ChildProcess, what: ForecastOrder): Promise<ForecastServiceState> {
  child.send(what);
  const [state] = (await once(child, 'message')) as [ForecastServiceState];
  return state;
}

/** Asks for every selection, so that the service keeps as many bodies as it may. */
async function askAll(url: string): Promise<void> {
  for (const interval of FORECAST_INTERVALS)
    for (let hours = 1; hours <= FORECAST_HOURS; hours++)
      await (await fetch(`${url}${FORECAST_ROUTE}?hours=${hours}&interval=${interval}`)).arrayBuffer();
}

async function measure({ dir, log }: BenchContext, turns: number = TURNS): Promise<MeasuredSection[]> {
  const stateDir = mkdtempSync(path.join(dir, 'forecast-'));
  const child = fork(path.join(import.meta.dirname, 'harness', 'forecast-service.ts'), [stateDir], {
    execArgv: [...INFERENCE_NODE_FLAGS, '--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    const [{ port }] = (await once(child, 'message')) as [ForecastServiceState];
    const url = `http://127.0.0.1:${port}`;
    const fire = (route: string, seconds: number, headers: Record<string, string> = {}) =>
      autocannon({ url: `${url}${route}`, headers, connections: CONNECTIONS, duration: seconds });
    // The code that the load compiles must not count as memory of the forecast.
    await fire(STATIC_ROUTE, WARM_UP_SECONDS);
    const without = (await order(child, 'memory')).usedBytes;
    await order(child, 'follow');
    await fire(FORECAST_ROUTE, WARM_UP_SECONDS);
    const etag = (await fetch(`${url}${FORECAST_ROUTE}`)).headers.get('etag')!;
    const calls = new Map<string, () => Promise<autocannon.Result>>([
      [STATIC_ROUTE, () => fire(STATIC_ROUTE, SECONDS)],
      [FORECAST_ROUTE, () => fire(FORECAST_ROUTE, SECONDS)],
      [REVALIDATED, () => fire(FORECAST_ROUTE, SECONDS, { 'if-none-match': etag })],
    ]);
    const rates = new Map([...calls.keys()].map((name) => [name, [] as number[]]));
    let failed = 0;
    for (let turn = 0; turn < turns; turn++) {
      for (const [name, call] of calls) {
        const result = await call();
        const unchanged = name === REVALIDATED ? result['3xx'] : result['2xx'];
        failed += result.requests.total - unchanged + result.errors + result.timeouts;
        rates.get(name)!.push(result.requests.total / result.duration);
      }
      const told = [...rates].map(([name, all]) => `${name} ${all.at(-1)!.toFixed(0)}/s`);
      log(`  run ${turn + 1}/${turns}  ${told.join(', ')}`);
    }
    await askAll(url);
    const grown = (await order(child, 'memory')).usedBytes - without;
    const ratio = medianRatio(rates.get(FORECAST_ROUTE)!, rates.get(STATIC_ROUTE)!);
    log(`  ${ratio.toFixed(2)} × the static route, ${(grown / 1e6).toFixed(1)} MB, ${failed} failed`);
    return [
      {
        title: `/v1/forecast at ${CONNECTIONS} connections`,
        intro: `72 hours, and a route of the same process that answers the same bytes from a constant, called in turns of ${SECONDS} s, ${turns} turns. Memory is what a full collection leaves on the heap and outside, after all ${FORECAST_HOURS * FORECAST_INTERVALS.length} selections were asked for.`,
        header: ['', 'requests/s', 'least', 'most'],
        rows: [...rates].map(([name, all]) => [
          name,
          ...[median(all), Math.min(...all), Math.max(...all)].map((rate) => rate.toFixed(0)),
        ]),
        judgedTargets: [
          {
            text: `at least ${LEAST_RATIO} × the requests per second of the static route, median of the turns`,
            judgement: { passes: ratio >= LEAST_RATIO, measured: `${ratio.toFixed(2)} ×` },
          },
          {
            text: `a forecast takes at most ${MOST_BYTES / 1e6} MB of memory`,
            judgement: { passes: grown <= MOST_BYTES, measured: `${(grown / 1e6).toFixed(1)} MB` },
          },
          { text: 'no request fails', judgement: { passes: failed === 0, measured: String(failed) } },
        ],
      },
    ];
  } finally {
    child.kill();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

export const bench: Bench = { name: 'forecast-serving', title: 'Serving of forecasts', measure };
