/**
 * Sends predictions at a steady rate until the file /tmp/stop exists, and prints what became of them as JSON. Every second request uses
 * a new connection, and the others reuse open ones. Runs in a pod: node --input-type=module-typescript - URL REQUESTS_PER_SECOND
 */
import { lookup } from 'node:dns/promises';
import { existsSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const STOP = '/tmp/stop';
const PAUSE_MS = 5;
const TIMEOUT_MS = 10_000;
const BODY = JSON.stringify({ input_data: [{ date: '2025-01-15T08:00:00', TMAX: 40, TMIN: 30, SNOW: 0 }] });

const [, , address = '', perSecond = ''] = process.argv;
const { hostname, port, host } = new URL(address);
// One name lookup per request would measure the cluster's DNS.
const { address: ip } = await lookup(hostname, 4);
const open = new Agent({ keepAlive: true, maxSockets: 32 });
const headers = { host, 'content-type': 'application/json', 'content-length': Buffer.byteLength(BODY) };

const seen = new WeakSet<object>();
const failures: Record<string, number> = {};
let [sent, answered, reused, slowestMs] = [0, 0, 0, 0];

function send(agent: Agent | false): Promise<string | undefined> {
  return new Promise((resolve) => {
    const target = { host: ip, port: port || 80, path: '/predict_trip', method: 'POST', headers };
    const sending = request({ ...target, agent, timeout: TIMEOUT_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', (error) => resolve(error.message));
      response.on('end', () =>
        resolve(response.statusCode === 200 ? undefined : `${response.statusCode} ${text.slice(0, 40)}`),
      );
    });
    sending.on('socket', (socket) => (seen.has(socket) ? (reused += 1) : seen.add(socket)));
    sending.on('timeout', () => sending.destroy(new Error('timeout')));
    sending.on('error', (error) =>
      resolve(`${error.message}, ${sending.reusedSocket ? 'open' : 'new'} connection`),
    );
    sending.end(BODY);
  });
}

async function measure(agent: Agent | false): Promise<void> {
  const startedAt = performance.now();
  const failure = await send(agent);
  slowestMs = Math.max(slowestMs, performance.now() - startedAt);
  if (failure === undefined) answered += 1;
  else failures[failure] = (failures[failure] ?? 0) + 1;
}

const startedAt = performance.now();
const running = new Set<Promise<void>>();
while (!existsSync(STOP)) {
  for (; sent < ((performance.now() - startedAt) / 1000) * Number(perSecond); sent += 1) {
    const one = measure(sent % 2 === 0 ? false : open).finally(() => running.delete(one));
    running.add(one);
  }
  await sleep(PAUSE_MS);
}
const seconds = (performance.now() - startedAt) / 1000;
await Promise.all(running);
open.destroy();
process.stdout.write(JSON.stringify({ sent, answered, reused, failures, seconds, slowestMs }));
