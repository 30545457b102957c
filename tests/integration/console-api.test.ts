import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TEMPORARY_FOLDERS } from '../fixtures/temporary-folders.ts';
import { renewToken } from '../../adapters/postgres/console-tokens.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { ObjectStore } from '../../adapters/s3/object-store.ts';
import type { AuditRecord } from '../../adapters/postgres/console-audit.ts';
import type { RunBody, RunDetail } from '../../console/api/schemas/runs.ts';
import {
  HOST,
  act,
  ask,
  closeConsoles,
  consoleOn,
  settings,
  until,
  type Answer,
  type Items,
} from '../fixtures/console-app.ts';

const database = new Database(settings.databaseUrl);
const objects = new ObjectStore(settings.s3);
const name = `test-${randomUUID().slice(0, 8)}`;

let app: FastifyInstance;
let token: string;
const auth = () => ({ authorization: `Bearer ${token}` });

beforeAll(async () => {
  app = await consoleOn(settings);
  token = await renewToken(database, name);
});

afterAll(async () => {
  await database.query('DELETE FROM console_tokens WHERE name = $1', [name]);
  await closeConsoles();
  objects.close();
  await database.close();
});

describe('a run from the console', () => {
  it('starts, fails with its cause, and leaves a log of its step and an entry in the audit', async () => {
    const workflowId = `${name}-<script>alert(1)</script>`.replace(/[<>/()]/g, '.');
    const input = {
      system: 'nyc',
      from: '2024-01',
      to: '2024-01',
      source: { trips: `${TEMPORARY_FOLDERS}/nowhere-at-all` },
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
      'Error',
    ]);
    const step = data.steps?.find((each) => each.name === 'listSource');
    expect(step).toMatchObject({ kind: 'activity', state: 'failed', attempt: 1 });

    const log = await until(async () => {
      const answer = await ask(app, `/api/runs/${encodeURIComponent(workflowId)}/logs?step=${step?.id}`);
      return answer.status === 200 && answer.text.includes('ERROR') ? answer : undefined;
    }, 20_000);
    expect(log.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(log.text).toMatch(/listSource, attempt 1, on worker \d+\n.*ERROR failed \[/);

    const [entry] = (await ask(app, '/api/audit?limit=1')).json<Items<AuditRecord>>().data.items;
    expect(entry).toMatchObject({ who: name, action: 'POST /api/runs', target: workflowId, outcome: 'ok' });
  });

  it('is rejected with the wrong field, and does not start', async () => {
    const input = { system: 'nyc', from: '2024-13', to: '2024-01' };
    const refused = await act(app, '/api/runs', { type: 'ingest', input }, auth());
    expect(refused.status).toBe(422);
    expect(refused.body['errors']).toContainEqual(expect.objectContaining({ field: 'from' }));
  });
});

describe('an action', () => {
  const start = { type: 'deployment', input: {} };

  it('is rejected without a token', async () => {
    expect((await act(app, '/api/runs', start, {})).status).toBe(401);
  });

  it('is rejected from a page of another host, with or without a token', async () => {
    const answer = await act(app, '/api/runs', start, { ...auth(), origin: 'http://evil.example' });
    expect(answer).toMatchObject({ status: 403, body: { type: 'urn:citibike:problem:forbidden-origin' } });
  });

  it('is accepted from a page of the console', async () => {
    const answer = await act(
      app,
      '/api/runs',
      { type: 'nothing', input: {} },
      { ...auth(), origin: `http://${HOST}` },
    );
    expect(answer.status).toBe(422);
  });

  it('is rejected under a foreign host name on the loopback', async () => {
    expect((await ask(app, '/api/runs', { host: 'evil.example' })).status).toBe(403);
  });

  it('is rejected if its body is not declared as JSON', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/runs',
      payload: JSON.stringify(start),
      headers: { host: HOST, 'content-type': 'text/plain', ...auth() },
    });
    expect(answer.statusCode).toBe(415);
  });

  it('reading needs the token too where the console listens beyond the loopback', async () => {
    const bound = await consoleOn(settings, true);
    expect((await ask(bound, '/api/runs', { host: 'console.example' })).status).toBe(401);
    expect((await ask(bound, '/api/runs', { host: 'console.example', ...auth() })).status).toBe(200);
    expect((await ask(bound, '/api/status', { host: 'console.example' })).status).toBe(401);
    expect((await ask(bound, '/livez', { host: 'console.example' })).status).toBe(200);
  });
});

describe('the session of a console that listens beyond the loopback', () => {
  const host = { host: 'console.example' };

  it('tells callers without a token only that they need one', async () => {
    const bound = await consoleOn(settings, true);
    const { text } = await ask(bound, '/api/session', host);
    expect(JSON.parse(text)).toEqual({ readNeedsToken: true, mayRead: false });
    expect(JSON.parse((await ask(app, '/api/session')).text)).toEqual({
      readNeedsToken: false,
      mayRead: true,
    });
  });

  it('is a cookie that allows reading only', async () => {
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

  it('is not created for a wrong token', async () => {
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

describe('the page', () => {
  const web = mkdtempSync(path.join(tmpdir(), 'citibike-console-page-'));
  beforeAll(() => writeFileSync(path.join(web, 'index.html'), '<!doctype html><html lang="en"></html>'));
  afterAll(() => rmSync(web, { recursive: true }));

  it.each(['/', '/index.html', '/runs/an-id'])(
    'is served at %s, and needs no token on the loopback',
    async (url) => {
      const { status, headers, text } = await ask(await consoleOn(settings, false, web), url);
      expect(status).toBe(200);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(text).toBe('<!doctype html><html lang="en"></html>');
    },
  );

  it('learns beyond the loopback that reading needs the token', async () => {
    const bound = await consoleOn(settings, true, web);
    expect((await ask(bound, '/', { host: 'console.example' })).text).toContain('<html data-reads="token"');
  });

  it('does not replace a missing file', async () => {
    expect((await ask(await consoleOn(settings, false, web), '/assets/old.js')).status).toBe(404);
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

  it('are null in a report of an earlier version', async () => {
    await objects.put(uri, JSON.stringify({ reference: span, current: span }));
    expect((await ask(app, histograms)).json<{ columns: unknown }>().data.columns).toBeNull();
  });

  it('are read from reports only', async () => {
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

  it('are shown on request in a sandbox without scripts', async () => {
    const { headers } = await ask(app, `${content}&show=true`);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/);
  });

  it.each([
    ['another bucket', 's3://elsewhere/key'],
    ['a path that climbs', `s3://${settings.s3.buckets.data}/a/../b`],
  ])('are rejected from %s', async (_, foreign) => {
    expect((await ask(app, `/api/artifacts/content?uri=${encodeURIComponent(foreign)}`)).status).toBe(422);
  });

  it('with an unreadable manifest fail only their own request', async () => {
    const broken = `s3://${settings.s3.buckets.artifacts}/${name}/broken.json`;
    await objects.put(broken, '{}');
    await objects.put(`${broken}.manifest.json`, '<html>not a manifest</html>');
    const query = `?uri=${encodeURIComponent(broken)}`;
    const { status, text } = await ask(app, `/api/artifacts/manifest${query}`);
    expect([status, text]).toEqual([422, expect.stringContaining('cannot be shown as JSON')]);
    const lineage = (await ask(app, `/api/artifacts/lineage${query}`)).json<{ nodes: unknown[] }>();
    expect(lineage.data.nodes).toHaveLength(1);
    expect(lineage.upstreams.s3).toEqual({ state: 'up', asOf: expect.any(String) as string });
    expect(
      (await ask(app, '/api/artifacts?bucket=citibike-data')).json<{ objects: unknown }>(),
    ).toMatchObject({ data: { objects: expect.any(Array) as unknown }, upstreams: { s3: { state: 'up' } } });
    await Promise.all([objects.delete(broken), objects.delete(`${broken}.manifest.json`)]);
  });

  it('that do not exist are 404', async () => {
    const missing = `s3://${settings.s3.buckets.data}/${name}/nothing`;
    expect((await ask(app, `/api/artifacts/manifest?uri=${encodeURIComponent(missing)}`)).status).toBe(404);
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

  it('reject an invalid cursor', async () => {
    expect((await ask(app, '/api/runs?cursor=nonsense')).status).toBe(422);
  });
});
