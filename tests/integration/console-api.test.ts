import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { renewToken } from '../../adapters/postgres/console-tokens.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { ObjectStore } from '../../adapters/s3/object-store.ts';
import { buildConsole } from '../../console/api/app.ts';
import { connectSources } from '../../console/api/connect.ts';
import type { UpstreamName, UpstreamsBody } from '../../console/api/schemas/common.ts';
import type { AuditRecord } from '../../adapters/postgres/console-audit.ts';
import type { RunBody, RunDetail } from '../../console/api/schemas/runs.ts';
import { loadSettings, type Settings } from '../../settings.ts';
import { SeverableProxy } from '../fixtures/severable-proxy.ts';

const settings = loadSettings();
const database = new Database(settings.databaseUrl);
const objects = new ObjectStore(settings.s3);
const HOST = `127.0.0.1:${settings.ports.console}`;
const SILENT = { info: () => undefined, warn: () => undefined };
const name = `test-${randomUUID().slice(0, 8)}`;
const closers: (() => Promise<void>)[] = [];

interface Answer<T> {
  readonly data: T;
  readonly upstreams: UpstreamsBody;
}
interface Items<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

async function consoleOn(changed: Settings, readNeedsToken = false): Promise<FastifyInstance> {
  const { sources, close } = connectSources(changed, SILENT);
  const facts = {
    version: '0',
    modelName: settings.modelName,
    readNeedsToken,
    temporalUi: null,
    mlflowUi: null,
    grafana: null,
  };
  const app = await buildConsole({ sources, facts, web: '' });
  closers.push(() => app.close().then(close));
  return app;
}

/** The answer as a caller on this host gets it. */
async function ask(app: FastifyInstance, url: string, headers: Record<string, string> = {}) {
  const answer = await app.inject({ url, headers: { host: HOST, ...headers } });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: answer.body,
    json: <T>() => JSON.parse(answer.body) as Answer<T>,
  };
}

async function act(app: FastifyInstance, url: string, body: object, headers: Record<string, string>) {
  const answer = await app.inject({
    method: 'POST',
    url,
    payload: body,
    headers: { host: HOST, ...headers },
  });
  return { status: answer.statusCode, body: JSON.parse(answer.body) as Record<string, unknown> };
}

async function until<T>(look: () => Promise<T | undefined>, ms = 60_000): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(500)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`not within ${ms} ms`);
}

let app: FastifyInstance;
let token: string;
const auth = () => ({ authorization: `Bearer ${token}` });

beforeAll(async () => {
  app = await consoleOn(settings);
  token = await renewToken(database, name);
});

afterAll(async () => {
  await database.query('DELETE FROM console_tokens WHERE name = $1', [name]);
  await Promise.all(closers.map((close) => close()));
  objects.close();
  await database.close();
});

describe('a run from the console', () => {
  it('starts, fails with its cause, leaves a log of its step and an entry in the audit', async () => {
    const workflowId = `${name}-<script>alert(1)</script>`.replace(/[<>/()]/g, '.');
    const input = {
      system: 'nyc',
      from: '2024-01',
      to: '2024-01',
      source: { trips: 'file:///nowhere-at-all' },
    };
    const started = await act(app, '/api/runs', { type: 'ingest', input, workflowId }, auth());
    expect(started).toMatchObject({ status: 201, body: { workflowId } });

    const data = await until(async () => {
      const detail = (await ask(app, `/api/runs/${encodeURIComponent(workflowId)}`)).json<RunDetail | null>()
        .data;
      return detail?.run.state === 'failed' ? detail : undefined;
    });
    expect(data.failure.map(({ type }) => type)).toEqual([
      'activity listSource',
      'SOURCE_NOT_FOUND',
      'Failure',
    ]);
    const step = data.steps?.find((each) => each.name === 'listSource');
    expect(step).toMatchObject({ kind: 'activity', state: 'failed', attempt: 1 });

    const log = await until(async () => {
      const answer = await ask(app, `/api/runs/${encodeURIComponent(workflowId)}/logs?step=${step?.id}`);
      return answer.status === 200 ? answer : undefined;
    }, 20_000);
    expect(log.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(log.text).toMatch(/listSource, attempt 1, on worker \d+\n.*ERROR failed \[/);

    const [entry] = (await ask(app, '/api/audit?limit=1')).json<Items<AuditRecord>>().data.items;
    expect(entry).toMatchObject({ who: name, action: 'POST /api/runs', target: workflowId, outcome: 'ok' });
  });

  it('is refused with the field that is wrong, and nothing is started', async () => {
    const input = { system: 'nyc', from: '2024-13', to: '2024-01' };
    const refused = await act(app, '/api/runs', { type: 'ingest', input }, auth());
    expect(refused.status).toBe(422);
    expect(refused.body['errors']).toContainEqual(expect.objectContaining({ field: 'from' }));
  });
});

describe('who may act', () => {
  const start = { type: 'deployment', input: {} };

  it('refuses an action without a token', async () => {
    expect((await act(app, '/api/runs', start, {})).status).toBe(401);
  });

  it('refuses an action from a page of another host, token or not', async () => {
    const answer = await act(app, '/api/runs', start, { ...auth(), origin: 'http://evil.example' });
    expect(answer).toMatchObject({ status: 403, body: { type: 'urn:citibike:problem:forbidden-origin' } });
  });

  it('takes an action from a page of its own', async () => {
    const answer = await act(
      app,
      '/api/runs',
      { type: 'nothing', input: {} },
      { ...auth(), origin: `http://${HOST}` },
    );
    expect(answer.status).toBe(422);
  });

  it('does not answer to a foreign host name on the loopback', async () => {
    expect((await ask(app, '/api/runs', { host: 'evil.example' })).status).toBe(403);
  });

  it('refuses a body that is not declared as JSON', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/runs',
      payload: JSON.stringify(start),
      headers: { host: HOST, 'content-type': 'text/plain', ...auth() },
    });
    expect(answer.statusCode).toBe(415);
  });

  it('makes who guesses tokens wait', async () => {
    const guarded = await consoleOn(settings);
    const guess = () => act(guarded, '/api/runs', start, { authorization: `Bearer ${'x'.repeat(32)}` });
    const statuses: number[] = [];
    for (let i = 0; i < 12; i += 1) statuses.push((await guess()).status);
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(statuses.at(-1)).toBe(429);
  });

  it('wants the token for reading too where it is bound beyond the loopback', async () => {
    const bound = await consoleOn(settings, true);
    expect((await ask(bound, '/api/runs', { host: 'console.example' })).status).toBe(401);
    expect((await ask(bound, '/api/runs', { host: 'console.example', ...auth() })).status).toBe(200);
    expect((await ask(bound, '/api/status', { host: 'console.example' })).status).toBe(200);
  });
});

describe('the session of a console bound beyond the loopback', () => {
  const host = { host: 'console.example' };

  it('tells who has no token that one is needed, and no more', async () => {
    const bound = await consoleOn(settings, true);
    const { text } = await ask(bound, '/api/session', host);
    expect(JSON.parse(text)).toEqual({ readNeedsToken: true, mayRead: false });
    expect(JSON.parse((await ask(app, '/api/session')).text)).toEqual({
      readNeedsToken: false,
      mayRead: true,
    });
  });

  it('keeps the token in a cookie that reads, and does nothing else', async () => {
    const bound = await consoleOn(settings, true);
    const entered = await bound.inject({
      method: 'POST',
      url: '/api/session',
      payload: {},
      headers: { ...host, ...auth() },
    });
    const [cookie = '', ...attributes] = String(entered.headers['set-cookie']).split('; ');
    expect(attributes).toEqual(['Path=/api', 'HttpOnly', 'SameSite=Strict']);
    expect((await ask(bound, '/api/runs', { ...host, cookie })).status).toBe(200);
    expect(JSON.parse((await ask(bound, '/api/session', { ...host, cookie })).text)).toMatchObject({
      mayRead: true,
    });
    expect(
      (await act(bound, '/api/runs', { type: 'deployment', input: {} }, { ...host, cookie })).status,
    ).toBe(401);
  });

  it('gives no cookie for a wrong token', async () => {
    const bound = await consoleOn(settings, true);
    const refused = await bound.inject({
      method: 'POST',
      url: '/api/session',
      payload: {},
      headers: { ...host, authorization: `Bearer ${'x'.repeat(32)}` },
    });
    expect(refused.statusCode).toBe(401);
    expect(refused.headers['set-cookie']).toBeUndefined();
  });
});

describe('distributions', () => {
  const uri = `s3://${settings.s3.buckets.artifacts}/${name}/drift-report.json`;
  const histograms = `/api/drift/histograms?uri=${encodeURIComponent(uri)}`;
  const span = { from: '2025-01-01', to: '2025-01-05' };
  const x = { bins: [[0], [1]], reference: [2, 1], current: [0, 3], weeks: { '2025-W01': [0, 3] } };
  afterEach(() => objects.delete(uri));

  it('come from the report of the check', async () => {
    await objects.put(uri, JSON.stringify({ reference: span, current: span, histograms: { x } }));
    const { data } = (await ask(app, histograms)).json<{ columns: unknown }>();
    expect(data.columns).toEqual([{ column: 'x', ...x }]);
  });

  it('are null in a report of before', async () => {
    await objects.put(uri, JSON.stringify({ reference: span, current: span }));
    expect((await ask(app, histograms)).json<{ columns: unknown }>().data.columns).toBeNull();
  });

  it('are in nothing but a report', async () => {
    await objects.put(uri, JSON.stringify({ anything: 'else' }));
    expect((await ask(app, histograms)).status).toBe(422);
  });
});

describe('artifacts', () => {
  const uri = `s3://${settings.s3.buckets.artifacts}/${name}/"><script>alert(1)</script>.html`;
  const content = `/api/artifacts/content?uri=${encodeURIComponent(uri)}`;
  beforeAll(() => objects.put(uri, '<script>alert(1)</script>', { contentType: 'text/html' }));
  afterAll(() => objects.delete(uri));

  it('come as a download', async () => {
    const { headers, text } = await ask(app, content);
    expect(headers['content-type']).toBe('application/octet-stream');
    expect(headers['content-disposition']).toMatch(/^attachment; filename\*=UTF-8''[\w%.-]+$/);
    expect(text).toBe('<script>alert(1)</script>');
  });

  it('are shown, where asked for, in a sandbox that runs nothing', async () => {
    const { headers } = await ask(app, `${content}&show=true`);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/);
  });

  it.each([
    ['another bucket', 's3://elsewhere/key'],
    ['a path that climbs', `s3://${settings.s3.buckets.data}/a/../b`],
  ])('are refused from %s', async (_, foreign) => {
    expect((await ask(app, `/api/artifacts/content?uri=${encodeURIComponent(foreign)}`)).status).toBe(422);
  });

  it('that are not there are 404', async () => {
    const missing = `s3://${settings.s3.buckets.data}/${name}/nothing`;
    expect((await ask(app, `/api/artifacts/manifest?uri=${encodeURIComponent(missing)}`)).status).toBe(404);
  });
});

describe('with a server down', () => {
  /** The port 1 of the loopback is closed. */
  const cases: [UpstreamName, Settings, string, string, (data: Record<string, unknown>) => unknown][] = [
    [
      'temporal',
      { ...settings, temporal: { ...settings.temporal, address: '127.0.0.1:1' } },
      '/api/schedules',
      '/api/models',
      ({ items }) => items,
    ],
    [
      'mlflow',
      { ...settings, mlflow: { ...settings.mlflow, trackingUri: 'http://127.0.0.1:1' } },
      '/api/models',
      '/api/runs',
      ({ items }) => items,
    ],
    [
      'postgres',
      { ...settings, databaseUrl: 'postgres://x@127.0.0.1:1/x' },
      '/api/drift',
      '/api/runs',
      ({ weeks }) => weeks,
    ],
    [
      's3',
      { ...settings, s3: { ...settings.s3, endpoint: 'http://127.0.0.1:1' } },
      '/api/data',
      '/api/runs',
      ({ months }) => months,
    ],
    [
      'inference',
      { ...settings, console: { ...settings.console, inferenceUrl: 'http://127.0.0.1:1' } },
      '/api/predict/day?date=2025-01-15&TMAX=40&TMIN=30',
      '/api/runs',
      (data) => data,
    ],
  ];

  it.each(cases)(
    '%s: its panels say so and the rest works',
    async (upstream, changed, itsPage, another, panelOf) => {
      const broken = await consoleOn(changed);
      const its = (await ask(broken, itsPage)).json<Record<string, unknown>>();
      expect(panelOf(its.data)).toBeNull();
      expect(its.upstreams[upstream]).toMatchObject({
        state: 'down',
        error: expect.stringMatching(/./) as unknown,
      });

      const other = (await ask(broken, another)).json<Items<unknown>>();
      expect(other.data.items).toBeInstanceOf(Array);
      expect((await ask(broken, '/api/overview')).status).toBe(200);
      expect((await ask(broken, '/api/status')).json<unknown>().upstreams[upstream]?.state).toBe('down');
    },
  );

  it('tells of runs that it has seen in Temporal, while Temporal is away', async () => {
    const { ports } = settings;
    const proxy = await SeverableProxy.before('127.0.0.1', ports.temporal);
    const temporal = { ...settings.temporal, address: `127.0.0.1:${proxy.port}` };
    const severed = await consoleOn({ ...settings, temporal });
    const newest = async () => {
      const { items } = (await ask(severed, '/api/runs?limit=5')).json<Items<RunBody>>().data;
      return items.map(({ runId, source }) => ({ runId, source }));
    };
    const [seen] = await newest();
    expect(seen?.source).toBe('temporal');
    proxy.cut();
    const told = await until(async () => {
      const [first] = await newest();
      return first?.source === 'records' ? first : undefined;
    });
    expect(told.runId).toBe(seen?.runId);
    proxy.close();
  });

  it('tells runs from the records while Temporal is away', async () => {
    const broken = await consoleOn(cases[0]![1]);
    await until(async () => {
      const { items } = (await ask(broken, '/api/runs')).json<Items<RunBody>>().data;
      return items.length > 0 ? items : undefined;
    });
    const [run] = (await ask(broken, '/api/runs?limit=1')).json<Items<RunBody>>().data.items;
    expect(run?.source).toBe('records');
    const detail = (await ask(broken, `/api/runs/${encodeURIComponent(run!.workflowId)}`)).json<RunDetail>();
    expect(detail.data.run.workflowId).toBe(run!.workflowId);
  });

  it('takes no action that cannot be put on record', async () => {
    const broken = await consoleOn(cases[2]![1]);
    expect((await act(broken, '/api/runs', { type: 'deployment', input: {} }, auth())).status).toBe(503);
  });
});

describe('pages of a list', () => {
  it('show each run once, newest first', async () => {
    const seen: RunBody[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null && page < 20; page += 1) {
      const { data }: Answer<Items<RunBody>> = (await ask(app, `/api/runs?limit=3&cursor=${cursor}`)).json<
        Items<RunBody>
      >();
      seen.push(...data.items);
      cursor = data.nextCursor;
    }
    expect(new Set(seen.map(({ runId }) => runId)).size).toBe(seen.length);
    expect(seen.map(({ startedAt }) => startedAt)).toEqual(
      seen
        .map(({ startedAt }) => startedAt)
        .sort()
        .reverse(),
    );
  });

  it('refuse a cursor of no list', async () => {
    expect((await ask(app, '/api/runs?cursor=nonsense')).status).toBe(422);
  });
});
