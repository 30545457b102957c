/** Tests the prediction service with generated requests, malformed bodies, slow callers and overload. */
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import path from 'node:path';
import { seededRandom } from '../../core/random.ts';
import { startOwnService, type OwnService } from '../fixtures/own-service.ts';
import { installSchemathesis } from '../fixtures/schemathesis.ts';
import { run } from '../../stack/install/run-command.ts';

const TRIP = { date: '2025-01-15T08:00:00', TMAX: 40, TMIN: 30, SNOW: 0 };
const agent = new Agent({ keepAlive: true, maxSockets: 32 });

let service: OwnService;
let slowBodies: Promise<string>[];
let halfHeaders: HalfHeader[];
let descriptorsBefore: number;

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly ms: number;
}

function post(
  body: Uint8Array | string,
  contentType = 'application/json',
  route = '/predict_trip',
): Promise<Reply> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request(
      `${service.url}${route}`,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': contentType, 'content-length': Buffer.byteLength(body) },
      },
      (answer) => {
        answer.resume();
        answer.on('end', () =>
          resolve({ status: answer.statusCode!, headers: answer.headers, ms: performance.now() - startedAt }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

async function postText(body: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${service.url}/predict_trip`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return { status: answer.status, text: await answer.text() };
}

/**
 * Sends raw bytes.
 * @returns what the server sends until it closes the connection.
 */
function exchange(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(service.port, '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('utf8')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}

const good = (rows = 1): string => JSON.stringify({ input_data: Array(rows).fill(TRIP) });

/** Sends half of an announced body and waits. @returns the first line of the answer. */
function sendHalf(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(service.port, '127.0.0.1', () =>
      socket.write(
        `POST /predict_trip HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"input_data":[`,
      ),
    );
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('utf8')));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer.split('\r\n')[0]!));
  });
}

/** Opens a connection that sends half a header, reads the answer and never closes its side. */
class HalfHeader {
  answer = '';
  readonly socket = connect({ port: service.port, host: '127.0.0.1', allowHalfOpen: true });

  constructor() {
    this.socket.on('data', (chunk: Buffer) => (this.answer += chunk.toString('utf8')));
    this.socket.on('error', () => undefined);
    this.socket.write('POST /predict_trip HTTP/1.1\r\nhost: x\r\nx-half: ');
  }
}

beforeAll(async () => {
  service = await startOwnService({ INFERENCE_LOG_PREDICTIONS: 'false' });
  descriptorsBefore = service.descriptors();
  // These tests wait for time-outs of the service while the other tests run.
  slowBodies = Array.from({ length: 20 }, sendHalf);
  halfHeaders = Array.from({ length: 500 }, () => new HalfHeader());
});

afterAll(async () => {
  agent.destroy();
  await service.stop();
});

it('answers 10,000 malformed bodies with 4xx each, in constant memory', async () => {
  const random = seededRandom(1);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const rows = (row: unknown) => JSON.stringify({ input_data: [row] });
  const fields = Object.keys(TRIP);
  const wrong = ['warm', null, true, [], {}, -1e308, 1e9, '', 'ünï', '\u0000'];
  const kinds: (() => [body: Uint8Array | string, contentType?: string])[] = [
    () => [rows({ ...TRIP, [pick(['TMAX', 'TMIN', 'SNOW'])]: pick(wrong) })],
    () => [rows({ ...TRIP, date: pick([...wrong, 5, '2025-02-30T08:00', '2025-03-09T02:00']) })],
    () => [rows(TRIP).replace('40', pick(['NaN', 'Infinity', '-', '0x1f', '1e400', '9'.repeat(5_000)]))],
    () => [rows(Object.fromEntries(fields.slice(1 + Math.floor(random() * 3)).map((name) => [name, 1])))],
    () => [rows({ ...TRIP, [`field_${Math.floor(random() * 1e9)}`]: 1 })],
    () => ['['.repeat(1 + Math.floor(random() * 20_000))],
    () => [`{"input_data":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
    () => [
      Buffer.concat([
        Buffer.from('{"input_data":[{"date":"'),
        Buffer.from([0xff, 0xc0, 0x80]),
        Buffer.from('"}]}'),
      ]),
    ],
    () => [rows(TRIP).slice(0, Math.floor(random() * 60))],
    () => [rows(TRIP), pick(['text/plain', 'application/xml', 'multipart/form-data', 'nonsense'])],
    () => [
      pick([
        '',
        'null',
        '5',
        '"text"',
        '[]',
        '{}',
        '{"input_data":{}}',
        '{"input_data":[]}',
        '{"input_data":[null]}',
      ]),
    ],
    () => ['{"__proto__":{"x":1},"input_data":[]}'],
    () => [Buffer.from(Array.from({ length: 200 }, () => Math.floor(random() * 256)))],
  ];
  const send = async (count: number): Promise<Map<number, number>> => {
    const statuses = new Map<number, number>();
    let left = count;
    const caller = async () => {
      while (left-- > 0) {
        const { status } = await post(...pick(kinds)());
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: 32 }, caller));
    return statuses;
  };
  await send(2_000);
  const before = service.memory();
  const statuses = await send(8_000);
  expect([...statuses.keys()].filter((status) => status < 400 || status > 499)).toEqual([]);
  expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(8_000);
  // The heap varies by some 20 MB; a leak of 8 kB per request would show as 64.
  expect(service.memory() - before).toBeLessThan(60);
  expect((await post(good())).status).toBe(200);
});

it('satisfies schemathesis: no internal error, and every answer follows the OpenAPI document', async (context) => {
  const installed = await installSchemathesis();
  if ('unreachable' in installed) {
    return context.skip(`schemathesis cannot be installed: ${installed.unreachable}`);
  }
  const result = await run(
    installed.command,
    [
      ...['run', `${service.url}/docs/json`, '--seed', '1', '--max-examples', '15', '--no-color'],
      ...['--phases', 'examples,coverage,fuzzing', '--generation-database', 'none'],
      // No schema says which days a calendar has, or which sines and cosines belong together, so those are 422 too.
      ...['--exclude-checks', 'positive_data_acceptance'],
    ],
    // schemathesis writes a cache into its working folder.
    { cwd: path.dirname(installed.command) },
  );
  expect(result.code, result.output.slice(-4_000)).toBe(0);
});

it('answers some requests under five times its capacity, rejects the rest with Retry-After, and recovers', async () => {
  const body = good(10_000);
  const until = Date.now() + 4_000;
  const replies: Reply[] = [];
  const caller = async () => {
    while (Date.now() < until) {
      const reply = await post(body);
      replies.push(reply);
      if (reply.status !== 200) await sleep(50);
    }
  };
  // One request is processed and four wait: see LARGE_BODIES.
  await Promise.all(Array.from({ length: 20 }, caller));
  const statuses = new Set(replies.map(({ status }) => status));
  expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  const accepted = replies.filter(({ status }) => status === 200);
  expect(accepted.length).toBeGreaterThan(0);
  const refused = replies.filter(({ status }) => status === 503);
  expect(refused.every(({ headers }) => Number(headers['retry-after']) >= 1)).toBe(true);
  process.stdout.write(
    `overload: ${accepted.length} answered, slowest ${Math.round(Math.max(...accepted.map(({ ms }) => ms)))} ms; ${refused.length} refused\n`,
  );
  await expect.poll(async () => (await post(good())).status, { timeout: 5_000 }).toBe(200);
});

it('rejects large bodies beyond its memory bound, and accepts them again later', async () => {
  // The service holds at most 64 MB: see LARGE_BODIES. Bodies have no length and never end: 9,000 rows of 500
  // bytes each.
  const piece = Buffer.from(`${JSON.stringify(TRIP)},`.padEnd(500, ' ').repeat(1_000));
  const [senders, pieces] = [20, 9];
  const before = service.memory();
  const answers: string[] = [];
  const sockets = Array.from({ length: senders }, () => {
    const socket = connect(service.port, '127.0.0.1');
    socket.write(
      'POST /predict_trip HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nf\r\n{"input_data":[\r\n',
    );
    for (let i = 0; i < pieces; i++) {
      socket.write(`${piece.length.toString(16)}\r\n`);
      socket.write(piece);
      socket.write('\r\n');
    }
    socket.on('data', (chunk: Buffer) => answers.push(chunk.toString('utf8')));
    socket.on('error', () => undefined);
    return socket;
  });
  await expect.poll(() => answers.length, { timeout: 10_000 }).toBeGreaterThan(0);
  expect(answers.every((answer) => answer.startsWith('HTTP/1.1 503 '))).toBe(true);
  expect(answers.every((answer) => /^retry-after: \d+/im.test(answer))).toBe(true);
  expect(answers.length).toBeLessThan(senders);
  expect(service.memory() - before).toBeLessThan(300);
  expect((await post(good())).status).toBe(200);
  for (const socket of sockets) socket.destroy();
  await expect.poll(async () => (await post(good(10_000))).status, { timeout: 10_000 }).toBe(200);
});

it.each([
  [
    'rows by the million',
    `{"input_data":[${'{},'.repeat(1_300_000)}{}]}`,
    'input_data: expected a list of 1 to 10000 rows',
  ],
  [
    'null by the million',
    `{"input_data":[${'null,'.repeat(1_100_000)}null]}`,
    'input_data: expected a list of 1 to 10000 rows',
  ],
  [
    'unknown fields by the hundred thousand',
    `{"input_data":[{${Array.from({ length: 400_000 }, (_, i) => `"f${i}":1`).join()}}]}`,
    'row 0, input_data: expected at most 64 values in a row',
  ],
  [
    'lists in lists',
    '['.repeat(5_000_000),
    'input_data: expected at most 8 objects and lists inside each other',
  ],
  [
    'a number of 100,000 digits',
    good().replace('40', '4'.repeat(100_000)),
    'row 0, input_data: expected strings',
  ],
])('rejects %s with 422 that says what is expected, without delaying others', async (_what, body, detail) => {
  const before = service.memory();
  const answers = await Promise.all(Array.from({ length: 8 }, () => postText(body)));
  for (const { status, text } of answers) {
    // Requests beyond the queue get 503.
    expect([422, 503]).toContain(status);
    if (status === 422) expect(text).toContain(detail);
  }
  expect(answers.some(({ status }) => status === 422)).toBe(true);
  expect(service.memory() - before).toBeLessThan(100);
  expect((await post(good())).status).toBe(200);
});

it('rejects a body of many tiny chunks, and one beyond the limit without a length', async () => {
  const chunked = (pieces: readonly string[]) =>
    exchange(
      `POST /predict_trip HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${pieces
        .map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`)
        .join('')}`,
    );
  expect(await chunked(Array<string>(2_000).fill(' '))).toMatch(/^HTTP\/1.1 400 /);
  expect(await chunked(Array<string>(7).fill(' '.repeat(1_000).padEnd(1_000_000, '1 ')))).toMatch(
    /^HTTP\/1.1 4/,
  );
});

it('ends slow bodies with 408', async () => {
  expect(new Set(await Promise.all(slowBodies))).toEqual(new Set(['HTTP/1.1 408 Request Timeout']));
});

it('ends 500 half headers with 408, and closes their descriptors', async () => {
  await expect
    .poll(() => halfHeaders.every(({ answer }) => answer.startsWith('HTTP/1.1 408 ')), { timeout: 60_000 })
    .toBe(true);
  agent.destroy();
  // About 32 idle connections of other callers stay open for a while.
  await expect.poll(() => service.descriptors() - descriptorsBefore, { timeout: 30_000 }).toBeLessThan(50);
  for (const { socket } of halfHeaders) socket.destroy();
});

it('closes connections beyond its bound, and then idle ones, so that new callers can connect', async () => {
  const small = await startOwnService({ INFERENCE_LOG_PREDICTIONS: 'false', INFERENCE_MAX_CONNECTIONS: '5' });
  try {
    const idle = Array.from({ length: 8 }, () => {
      const socket = connect(small.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write('GET /livez HTTP/1.1\r\nhost: x\r\n\r\n');
      return socket;
    });
    await expect
      .poll(
        () =>
          fetch(`${small.url}/livez`).then(
            ({ ok }) => ok,
            () => false,
          ),
        { timeout: 20_000 },
      )
      .toBe(true);
    for (const socket of idle) socket.destroy();
  } finally {
    await small.stop();
  }
});
