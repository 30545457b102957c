/** Tests over raw sockets that rejections by Fastify and Node are problem documents on both servers. */
import { connect, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startServing } from '../inference/test-service.ts';
import { fakeConsole } from './fake-console.ts';

/** Sends the bytes and reads until the server closes or has sent the announced length. */
function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const end = () => {
      resolve(text);
      socket.destroy();
    };
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const [head = '', body] = text.split('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
      if (body !== undefined && Buffer.byteLength(body) >= length) end();
    });
    socket.once('end', end);
    socket.once('error', reject);
  });
}

const get = (target: string, version = '1.1', ...headers: string[]) =>
  `GET ${target} HTTP/${version}\r\n${['Host: localhost', ...headers].join('\r\n')}\r\n\r\n`;

const CASES: [what: string, status: number, bytes: string][] = [
  ['an address that cannot be decoded', 400, get('/%zz')],
  ['an address in another scheme', 400, get('ftp:x')],
  [
    'an address that there is not, by POST',
    404,
    'POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n',
  ],
  ['an unknown method', 400, 'FETCH / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['CONNECT', 405, 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n'],
  ['an expectation', 417, get('/livez', '1.1', 'Expect: a-miracle')],
  ['HTTP/2.0 in the request line', 505, get('/livez', '2.0')],
  ['HTTP/3.0 in the request line', 505, get('/livez', '3.0')],
  ['no Host', 400, 'GET /livez HTTP/1.1\r\n\r\n'],
  ['headers that are too large', 431, get('/livez', '1.1', `X-Large: ${'x'.repeat(40_000)}`)],
  ['a header that is none', 400, get('/livez', '1.1', 'no colon here')],
  ['no HTTP at all', 400, 'hello\r\n\r\n'],
];

function expectProblem(answer: string, status: number): void {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  expect(JSON.parse(body)).toMatchObject({
    type: expect.stringMatching(/^urn:citibike:problem:/) as string,
    status,
    detail: expect.stringMatching(/./) as string,
    request_id: expect.stringMatching(/./) as string,
  });
}

describe.each([
  [
    'the console',
    async () => (await fakeConsole({ readNeedsToken: false })).port,
    // A parameter may contain a workflow id or an address.
    '/api/runs/' + 'x'.repeat(1_501),
    'POST /api/audit HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer the-right-token-of-a-test\r\nContent-Length: 0\r\n\r\n',
  ],
  [
    'the prediction service',
    async () => {
      const { app } = await startServing();
      await app.listen({ host: '127.0.0.1', port: 0 });
      return (app.server.address() as AddressInfo).port;
    },
    '/v1/models/' + 'x'.repeat(101),
    'POST /v1/models HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n',
  ],
])('%s answers with problem details', (name, start, longPath, wrongMethod) => {
  it.each(CASES)('%s: %i', async (what, status, bytes) => {
    // Actions on unknown routes also need a token.
    const isDenied = name === 'the console' && what.endsWith('by POST');
    expectProblem(await exchange(await start(), bytes), isDenied ? 401 : status);
  });

  it('a parameter that is too long is rejected', async () => {
    // The console has a catch-all route below /api.
    expectProblem(await exchange(await start(), get(longPath)), name === 'the console' ? 404 : 414);
  });

  it('a method that the path does not have is 405, with the allowed ones', async () => {
    const answer = await exchange(await start(), wrongMethod);
    expectProblem(answer, 405);
    expect(answer.toLowerCase()).toMatch(/\r\nallow: get\r\n/);
  });
});

it('a long path is truncated in the answer', async () => {
  const { app } = await startServing();
  const { detail, instance } = (await app.inject(`/${'x'.repeat(5_000)}`)).json<Record<string, string>>();
  expect(`${detail}${instance}`.length).toBeLessThan(300);
});
