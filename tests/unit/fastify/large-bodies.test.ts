/**
 * Tests large bodies on one connection after a request whose answer never ends, next to those of other
 * callers.
 */
import { connect, type AddressInfo } from 'node:net';
import Fastify from 'fastify';
import fp from 'fastify-plugin';
import { expect, it, onTestFinished } from 'vitest';
import { CONNECTION_OPTIONS } from '../../../adapters/fastify/connections.ts';
import { jsonBodyPlugin } from '../../../adapters/fastify/json-body.ts';
import { LARGE_BODY_BYTES } from '../../../adapters/fastify/large-bodies.ts';

const LARGE = JSON.stringify({ rows: Array.from({ length: LARGE_BODY_BYTES / 8 }, () => 'a text') });

it('continues with the next large body although the previous answer cannot be sent', async () => {
  const app = Fastify();
  await app.register(fp(async () => undefined, { name: 'problem-details' }));
  const limits = { depth: 3, rows: LARGE.length, values: 10, textBytes: 100 };
  await app.register(jsonBodyPlugin, { limits, large: { bytes: 3 * LARGE.length, waiting: 2 } });
  let answered = 0;
  app.get('/endless', (_request, reply) => {
    reply.hijack();
    reply.raw.write('begun');
  });
  app.post('/', () => ({ answered: ++answered }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  onTestFinished(async () => {
    socket.destroy();
    await app.close();
  });

  const post = `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${LARGE.length}\r\n\r\n${LARGE}`;
  socket.write(`GET /endless HTTP/1.1\r\nhost: x\r\n\r\n${post}${post}`);
  await expect.poll(() => answered).toBe(2);
  const answer = await fetch(`http://127.0.0.1:${port}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: LARGE,
  });
  expect(await answer.json()).toEqual({ answered: 3 });
});

it.each(['application/json', 'text/plain'])(
  'closes the connection of a caller that endlessly sends tiny chunks of %s',
  async (type) => {
    const app = Fastify(CONNECTION_OPTIONS);
    await app.register(fp(async () => undefined, { name: 'problem-details' }));
    const limits = { depth: 3, rows: 10, values: 10, textBytes: 10_000 };
    await app.register(jsonBodyPlugin, { limits, large: { bytes: LARGE.length, waiting: 2 } });
    app.post('/', () => 'done');
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    onTestFinished(async () => {
      socket.destroy();
      await app.close();
    });

    const chunks = '1\r\nx\r\n'.repeat(1_001);
    socket.write(
      `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n${chunks}`,
    );
    let answer = '';
    socket.on('data', (bytes: Buffer) => (answer += bytes.toString('latin1')));
    await expect.poll(() => socket.closed).toBe(true);
    expect(answer).toMatch(/^HTTP\/1.1 4/);
  },
);
