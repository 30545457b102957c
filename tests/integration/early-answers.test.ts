/** Tests answers that servers give before they have read the whole body: each client must read them. */
import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import path from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LINGER_BYTES, LINGER_MS } from '../../adapters/fastify/lingering-response.ts';
import { PROJECT_DIR } from '../../settings.ts';
import { closeConsoles, consoleOn, settings } from '../fixtures/console-app.ts';
import { startOwnService, type OwnService } from '../fixtures/own-service.ts';

interface Answer {
  readonly status: number;
  readonly type: string | null | undefined;
  readonly body: unknown;
}
type Client = (port: number, route: string, size: number) => Promise<Answer>;

const run = promisify(execFile);
const SCRIPT = path.join(PROJECT_DIR, 'tests', 'python', 'read_early_answer.py');
const MB = 1024 * 1024;
const headers = { 'content-type': 'application/json' };
const PIECE = Buffer.alloc(65_536, ' ');
const pieces = (size: number): Readable => Readable.from(Array<Buffer>(size / PIECE.length).fill(PIECE));

const byPython =
  (how: string): Client =>
  async (port, route, size) =>
    JSON.parse((await run('python3', [SCRIPT, String(port), String(size), route, how])).stdout) as Answer;

const byFetch =
  (body: (size: number) => RequestInit): Client =>
  async (port, route, size) => {
    const answer = await fetch(`http://127.0.0.1:${port}${route}`, {
      method: 'POST',
      headers,
      ...body(size),
    });
    return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.json() };
  };

const byNode =
  (chunked: boolean): Client =>
  (port, route, size) =>
    new Promise((resolve, reject) => {
      const length = chunked ? {} : { 'content-length': size };
      const options = { method: 'POST', agent: false as const, headers: { ...headers, ...length } };
      const asked = request(`http://127.0.0.1:${port}${route}`, options, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString())).on('error', reject);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode!,
            type: answer.headers['content-type'],
            body: JSON.parse(text) as unknown,
          }),
        );
      }).on('error', reject);
      pieces(size).pipe(asked);
    });

const byCurl =
  (...more: string[]): Client =>
  (port, route, size) =>
    new Promise((resolve, reject) => {
      const format = '\n%{http_code} %{content_type}';
      const options = ['-sS', '-w', format, '-H', `content-type: ${headers['content-type']}`, ...more];
      const child = execFile(
        'curl',
        [...options, '--data-binary', '@-', `http://127.0.0.1:${port}${route}`],
        (error, out) => {
          if (error) return reject(new Error(error.message));
          const [, body, status, type] = /^(.*)\n(\d+) (.*)$/s.exec(out)!;
          resolve({ status: Number(status), type, body: JSON.parse(body!) as unknown });
        },
      );
      child.stdin!.on('error', () => undefined);
      pieces(size).pipe(child.stdin!);
    });

const CLIENTS: Readonly<Record<string, Client>> = {
  'Python http.client': byPython('http.client'),
  'Python http.client that closes': byPython('http.client, closing'),
  'Python http.client, chunked': byPython('http.client, chunked'),
  'Python urllib': byPython('urllib'),
  fetch: byFetch((size) => ({ body: Buffer.alloc(size, ' ') })),
  'fetch of a stream': byFetch((size) => ({
    body: Readable.toWeb(pieces(size)),
    duplex: 'half',
  })),
  'node:http': byNode(false),
  'node:http, chunked': byNode(true),
};
const CURL: Readonly<Record<string, Client>> = {
  curl: byCurl(),
  'curl that does not wait for 100': byCurl('-H', 'expect:'),
  'curl, chunked': byCurl('-H', 'transfer-encoding: chunked'),
  'curl by HTTP/1.0': byCurl('--http1.0'),
};
const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => false,
);
if (!hasCurl) console.log('without curl: it is not installed');
const clients = Object.entries({ ...CLIENTS, ...(hasCurl ? CURL : {}) });

let service: OwnService;
let consolePort: number;

beforeAll(async () => {
  service = await startOwnService({ INFERENCE_LOG_PREDICTIONS: 'false' });
  const app = await consoleOn(settings);
  await app.listen({ host: '127.0.0.1', port: 0 });
  consolePort = (app.server.address() as AddressInfo).port;
});

afterAll(async () => {
  await closeConsoles();
  await service.stop();
});

const tooLarge = (route: string) => ({
  status: 413,
  type: expect.stringContaining('application/problem+json') as string,
  body: expect.objectContaining({
    type: 'urn:citibike:problem:body-too-large',
    status: 413,
    instance: route,
  }) as unknown,
});

describe.each(clients)('%s', (_name, client) => {
  it.each([8, 48])('reads the 413 of the prediction service for %i MB', async (megabytes) => {
    expect(await client(service.port, '/predict_trip', megabytes * MB)).toEqual(tooLarge('/predict_trip'));
  });

  it('reads the 413 of the console', async () => {
    expect(await client(consolePort, '/api/predict', 8 * MB)).toEqual(tooLarge('/api/predict'));
  });

  it('reads a 404 that needs no body', async () => {
    expect(await client(service.port, '/nothing', 8 * MB)).toMatchObject({ status: 404 });
  });
});

/** Posts an endless body. @returns the answer and the bytes sent when the server closed the connection. */
function sendForever(port: number, head: string, piece: Buffer | undefined): Promise<[string, number]> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ port, host: '127.0.0.1' });
    const send = (): void => {
      while (piece && socket.writable && socket.write(piece));
    };
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    socket.on('error', () => undefined).on('drain', send);
    socket.on('close', () => resolve([answer, socket.bytesWritten]));
    socket.write(
      `POST /predict_trip HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${head}\r\n\r\n`,
      send,
    );
  });
}

it.each([
  ['a declared length', 'content-length: 100000000000', PIECE],
  ['chunks', 'transfer-encoding: chunked', Buffer.from(`10000\r\n${PIECE.toString()}\r\n`)],
  ['a declared length and nothing behind it', 'content-length: 100000000000', undefined],
])('closes the connection of a caller that endlessly sends %s', async (_what, head, piece) => {
  const startedAt = performance.now();
  const [answer, bytes] = await sendForever(service.port, head, piece);
  expect(answer).toMatch(/^HTTP\/1.1 413 /);
  // The buffers of both sockets hold a few megabytes more.
  expect(bytes).toBeLessThan(LINGER_BYTES + 32 * MB);
  expect(performance.now() - startedAt).toBeLessThan(2 * LINGER_MS);
});
