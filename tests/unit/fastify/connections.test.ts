/** Tests, with the options of both servers, callers that start a request and never finish it. */
import { connect, type AddressInfo, type Socket } from 'node:net';
import { promisify } from 'node:util';
import Fastify from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import { CONNECTION_OPTIONS } from '../../../adapters/fastify/connections.ts';
import { FRAMEWORK_ERRORS } from '../../../adapters/fastify/framework-errors.ts';

const CALLERS = 50;

it.each([
  ['half a header', 'GET / HTTP/1.1\r\nx-half: ', 408],
  [
    'half a body',
    'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
    408,
  ],
  ['no HTTP', 'HELLO\r\n\r\n', 400],
])(
  'releases the connections of callers that send %s and never close their side',
  async (_what, bytes, status) => {
    const app = Fastify({
      ...CONNECTION_OPTIONS,
      ...FRAMEWORK_ERRORS,
      requestTimeout: 300,
      http: { headersTimeout: 300, connectionsCheckingInterval: 100 },
    });
    app.post('/', () => 'never');
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const answers: string[] = [];
    const sockets = Array.from({ length: CALLERS }, (_, i): Socket => {
      answers[i] = '';
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => socket.write(bytes));
      socket.on('data', (chunk: Buffer) => (answers[i] += chunk.toString('latin1')));
      socket.on('error', () => undefined);
      return socket;
    });
    onTestFinished(async () => {
      for (const socket of sockets) socket.destroy();
      await app.close();
    });
    await expect.poll(() => answers.every((answer) => answer.startsWith(`HTTP/1.1 ${status} `))).toBe(true);
    expect(answers[0]).toContain('application/problem+json');
    const connections = promisify(app.server.getConnections.bind(app.server));
    await expect.poll(() => connections()).toBe(0);
  },
);
