/** Tests several processes of the prediction service on one port. */
import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort, startOwnService, type OwnService } from '../fixtures/own-service.ts';

const PROCESSES = 2;
let service: OwnService;
let adminPort: number;

beforeAll(async () => {
  adminPort = await freePort();
  service = await startOwnService({
    INFERENCE_WORKERS: String(PROCESSES),
    INFERENCE_ADMIN_PORT: String(adminPort),
    INFERENCE_LOG_PREDICTIONS: 'false',
  });
});

let stopped: number | null | undefined;
afterAll(async () => {
  if (stopped === undefined) await service.stop();
});

/** Asks on a new connection, which the primary passes to the next process. */
function predict(): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(
      `${service.url}/predict_trip`,
      { method: 'POST', agent: false, headers: { 'content-type': 'application/json' } },
      (answer) => answer.resume().on('end', () => resolve(answer.statusCode!)),
    );
    asked.on('error', reject);
    asked.end('{"input_data":[{"date":"2025-01-15T08:00:00","TMAX":40,"TMIN":30,"SNOW":0}]}');
  });
}

const metrics = async (): Promise<string> => (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
const valueOf = (text: string, series: string): number | undefined => {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
};

it('answers the combined metrics of all processes, on the admin port only', async () => {
  const info =
    'model_info{model="own-service",version="1",source="disk",feature_set="seed",synthetic="false"}';
  // The service answers as soon as one process is ready, so the test waits for all of them.
  await expect.poll(async () => valueOf(await metrics(), info)).toBe(PROCESSES);
  const statuses = await Promise.all(Array.from({ length: 20 }, predict));
  expect(statuses).toEqual(Array(20).fill(200));
  expect(valueOf(await metrics(), 'predictions_total{model="own-service",version="1"}')).toBe(20);
  expect((await fetch(`${service.url}/metrics`)).status).toBe(404);
});

it('replaces a killed process, and continues to answer', async () => {
  const [victim] = await service.children();
  process.kill(victim!, 'SIGKILL');
  await expect.poll(() => service.children()).not.toContain(victim);
  await expect.poll(async () => (await service.children()).length).toBe(PROCESSES);
  expect(await predict()).toBe(200);
});

it('drains all processes at SIGTERM and exits with 0', async () => {
  stopped = await service.stop();
  expect(stopped).toBe(0);
});
