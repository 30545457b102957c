/** Sends requests at a fixed rate, regardless of whether earlier ones were answered. */
import { Agent, request } from 'node:http';

export interface Call {
  readonly url: string;
  readonly body: string;
}
export interface CallerFigures {
  /** Latency of each answer in milliseconds, from its scheduled time. */
  readonly latencies: readonly number[];
  /** Number of requests without a 200 answer. */
  readonly failed: number;
}

const REQUESTS_PER_SECOND = 100;

export async function callWell(call: Call, seconds: number): Promise<CallerFigures> {
  const agent = new Agent({ keepAlive: true });
  const latencies: number[] = [];
  let failed = 0;
  const calls: Promise<void>[] = [];
  const total = seconds * REQUESTS_PER_SECOND;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const startedAt = performance.now();
      calls.push(
        ask(call, agent).then((status) => {
          latencies.push(performance.now() - startedAt);
          if (status !== 200) failed++;
        }),
      );
      if (calls.length < total) return;
      clearInterval(timer);
      resolve();
    }, 1_000 / REQUESTS_PER_SECOND);
  });
  await Promise.all(calls);
  agent.destroy();
  return { latencies, failed };
}

/** @returns the status, or 0 if there was no answer. */
function ask({ url, body }: Call, agent: Agent): Promise<number> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const asked = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    asked.on('error', () => resolve(0));
    asked.end(body);
  });
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
