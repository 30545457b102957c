import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startServing, TRIP } from './test-service.ts';

function post(path: string, body: string): string {
  return [
    `POST ${path} HTTP/1.1`,
    'host: test',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

it('a draining service answers requests in flight completely and rejects new connections', async () => {
  const { app, upstreams } = await startServing();
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  const answers = text(socket);
  const request = post('/predict_trip', JSON.stringify({ input_data: Array(10_000).fill(TRIP) }));
  // The request stays in flight until the test sends the rest of the body, while the service closes.
  socket.write(request.slice(0, -100));
  await expect.poll(async () => (await app.metrics.inFlight.get()).values[0]?.value, { interval: 5 }).toBe(1);

  const closed = app.close();
  socket.write(request.slice(-100));
  const statuses = [...(await answers).matchAll(/^HTTP\/1\.1 (\d+)/gm)].map((match) => match[1]);
  expect(statuses).toEqual(['200']);
  expect((await answers).match(/"prediction"/g)).toHaveLength(10_000);
  await closed;
  await expect(fetch(`http://127.0.0.1:${port}/livez`)).rejects.toThrow();
  expect(upstreams.processes.size).toBe(0);
});

it('a draining service answers the next request of an idle connection, and asks the caller to close it', async () => {
  const { app } = await startServing({ overrides: { drainMs: 2_000 } });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  const request = post('/predict_trip', JSON.stringify({ input_data: [TRIP] }));
  socket.write(request);
  const [first] = (await once(socket, 'data')) as [string];
  expect(first).toMatch(/^HTTP\/1\.1 200/);
  expect(first).not.toMatch(/connection: close/i);

  const closed = app.close();
  const rest = text(socket);
  await sleep(200);
  socket.write(request);
  expect(await rest).toMatch(/^HTTP\/1\.1 200[^]*connection: close/i);
  await closed;
});

it('a draining service accepts new connections while balancers still send them', async () => {
  const { app } = await startServing({ overrides: { drainMs: 2_000 } });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const closed = app.close();
  await sleep(300);
  expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
  await closed;
});
