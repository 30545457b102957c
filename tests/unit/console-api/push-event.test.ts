import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { pushEvent } from '../../../console/api/push-event.ts';

const EVENT = `data: ${'x'.repeat(64 * 1024)}\n\n`;

it('ends a listener that reads no more, before its events fill the memory', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => undefined).pause();
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const [, listener] = (await once(server, 'request')) as [unknown, ServerResponse];
  let most = 0;
  for (let i = 0; i < 1_000 && !listener.destroyed; i += 1) {
    pushEvent(listener, EVENT);
    most = Math.max(most, listener.writableLength);
    await nextTurn();
  }
  client.destroy();
  server.close();
  expect(listener.destroyed).toBe(true);
  expect(most).toBeLessThan(2 * 2 ** 20);
});
