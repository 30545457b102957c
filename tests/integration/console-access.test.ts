/** Tests on the running stack who can access the console, for how long, and what the audit records. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import type { Connection, Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditRecords, type AuditRecord } from '../../adapters/postgres/console-audit.ts';
import { createToken, renewToken, revokeToken } from '../../adapters/postgres/console-tokens.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { TASK_QUEUE } from '../../contracts/task-queues.ts';
import { PROJECT_DIR } from '../../settings.ts';
import { act, closeConsoles, consoleOn, HOST, settings, until } from '../fixtures/console-app.ts';
import { ask as askRaw } from '../unit/access/raw-request.ts';

const run = promisify(execFile);
const database = new Database(settings.databaseUrl);
const name = `access-${randomUUID().slice(0, 8)}`;
/** Is the input of a run that fails immediately. */
const WRONG = { system: 'nyc', from: '2024-01' };
const beyond = { host: 'console.example' };

let app: FastifyInstance;
let bound: FastifyInstance;
let token: string;
let client: Client;
let connection: Connection;
const auth = () => ({ authorization: `Bearer ${token}` });

beforeAll(async () => {
  app = await consoleOn(settings);
  bound = await consoleOn(settings, true);
  token = await renewToken(database, name);
  ({ client, connection } = await connectClient(settings.temporal));
});

afterAll(async () => {
  await database.query('DELETE FROM console_tokens WHERE name LIKE $1', [`${name}%`]);
  await closeConsoles();
  await connection.close();
  await database.close();
});

const entries = async (matches: (entry: AuditRecord) => boolean): Promise<AuditRecord[]> =>
  (await auditRecords(database, undefined, 200)).filter(matches);

async function portOf(server: FastifyInstance): Promise<number> {
  if (!server.server.listening) await server.listen({ host: '127.0.0.1', port: 0 });
  return (server.server.address() as AddressInfo).port;
}

async function signIn(): Promise<string> {
  const { headers } = await bound.inject({
    method: 'POST',
    url: '/api/session',
    payload: {},
    headers: { ...beyond, ...auth() },
  });
  return String(headers['set-cookie']).split(';')[0]!;
}

const reads = async (headers: Record<string, string>): Promise<number> =>
  (await bound.inject({ url: '/api/audit', headers: { ...beyond, ...headers } })).statusCode;

describe('another spelling of a path', () => {
  it('starts nothing', async () => {
    const workflowId = `${name}-smuggled`;
    const input = { system: 'nyc', from: '2024-01', to: '2024-01' };
    const answer = await askRaw({
      port: await portOf(app),
      method: 'POST',
      target: '/%61pi/runs',
      headers: { host: HOST, origin: 'http://evil.example', 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'ingest', input, workflowId }),
    });
    expect(answer.status).toBe(403);
    await expect(client.workflow.getHandle(workflowId).describe()).rejects.toThrow(/not found/i);
  });

  it.each(['/%61pi/audit', 'http://x/api/audit'])('reads nothing: %s', async (target) => {
    const port = await portOf(bound);
    const answer = await askRaw({ port, method: 'GET', target, headers: beyond });
    expect(answer.status).toBe(401);
  });
});

describe('a session', () => {
  it('is stored in the cookie instead of the token, and in Postgres as a digest', async () => {
    const cookie = await signIn();
    const value = cookie.split('=')[1]!;
    expect(value).not.toContain(token);
    expect(await reads({ cookie })).toBe(200);
    expect(await database.query('SELECT FROM console_sessions WHERE sha256 = $1', [value])).toEqual([]);
  });

  it('ends when its browser signs out', async () => {
    const cookie = await signIn();
    expect(await reads({ cookie })).toBe(200);
    const { headers } = await bound.inject({
      method: 'DELETE',
      url: '/api/session',
      headers: { ...beyond, cookie },
    });
    expect(String(headers['set-cookie'])).toContain('Max-Age=0');
    expect(await reads({ cookie })).toBe(401);
    const kinds = (await entries(({ who }) => who === name)).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['sign-in', 'sign-out']));
  });

  it('ends with its token', async () => {
    const own = await createToken(database, `${name}-revoked`);
    const opened = await bound.inject({
      method: 'POST',
      url: '/api/session',
      payload: {},
      headers: { ...beyond, authorization: `Bearer ${own}` },
    });
    const cookie = String(opened.headers['set-cookie']).split(';')[0]!;
    expect(await reads({ cookie })).toBe(200);
    const url = `http://127.0.0.1:${await portOf(bound)}/api/events`;
    const stream = await fetch(url, { headers: { cookie } });
    expect(await revokeToken(database, `${name}-revoked`)).toBe(true);
    await until(async () => ((await reads({ cookie })) === 401 ? true : undefined), 15_000);
    await until(
      async () => ((await reads({ authorization: `Bearer ${own}` })) === 401 ? true : undefined),
      15_000,
    );
    // The server ends the stream after the token is revoked.
    expect(await stream.text()).toContain('event: status');
  });

  it('is Secure only where a trusted proxy reports TLS', async () => {
    const headers = { ...beyond, ...auth(), 'x-forwarded-proto': 'https' };
    const request = { method: 'POST', url: '/api/session', payload: {}, headers } as const;
    const proxied = await consoleOn(settings, true, '', ['127.0.0.1']);
    expect(String((await proxied.inject(request)).headers['set-cookie'])).toContain('; Secure');
    expect(String((await bound.inject(request)).headers['set-cookie'])).not.toContain('Secure');
  });
});

describe('a token', () => {
  it('is rejected after it expires', async () => {
    const expired = await createToken(database, `${name}-expired`, 1);
    await database.query(`UPDATE console_tokens SET expires_at = now() WHERE name = $1`, [`${name}-expired`]);
    expect(await reads({ authorization: `Bearer ${expired}` })).toBe(401);
  });

  it('is accepted although wrong tokens came from its address', async () => {
    const guarded = await consoleOn(settings, true);
    const ask = (authorization: string) =>
      guarded.inject({ url: '/api/audit', headers: { ...beyond, authorization } });
    const wrong = await Promise.all(
      Array.from({ length: 30 }, (_, i) => ask(`Bearer ${'x'.repeat(20)}${i}`)),
    );
    expect(new Set(wrong.map(({ statusCode }) => statusCode))).toEqual(new Set([401]));
    expect((await ask(`Bearer ${token}`)).statusCode).toBe(200);
  });

  it('has a unique name while it is valid', async () => {
    await expect(createToken(database, name)).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('the audit', () => {
  it('counts rejected requests by address and reason', async () => {
    const guarded = await consoleOn(settings, true, '', ['127.0.0.1']);
    const from = '203.0.113.77';
    const headers = { ...beyond, 'x-forwarded-for': from };
    for (let i = 0; i < 7; i += 1) await guarded.inject({ url: '/api/runs', headers });
    await guarded.rejections.flush();
    const [entry] = await entries((each) => each.from === from);
    expect(entry).toMatchObject({
      kind: 'rejection',
      verified: false,
      action: 'rejected: unauthorized',
      target: 'GET /api/runs',
      count: 7,
    });
  });

  it('records a start from the console once, with the name of the token', async () => {
    const workflowId = `${name}-announced`;
    const input = { system: 'nyc', from: '2024-01', to: '2024-01', source: { trips: 'file:///nowhere' } };
    expect((await act(app, '/api/runs', { type: 'ingest', input, workflowId }, auth())).status).toBe(201);
    await recorded(workflowId);
    expect(await entries(({ target }) => target === workflowId)).toMatchObject([
      { kind: 'action', via: 'console', who: name, verified: true, outcome: 'ok' },
    ]);
    // A direct start with the same id is audited, because the console's action announced only one run.
    await client.workflow.start('ingest', { taskQueue: TASK_QUEUE, workflowId, args: [WRONG] });
    await until(async () =>
      (await entries(({ target, kind }) => target === workflowId && kind === 'start'))[0] ? true : undefined,
    );
  });

  it('records a start directly at Temporal as unverified', async () => {
    const workflowId = `${name}-direct`;
    await client.workflow.start('ingest', { taskQueue: TASK_QUEUE, workflowId, args: [WRONG] });
    const [entry] = await until(async () => {
      const found = await entries(({ target }) => target === workflowId);
      return found.length > 0 ? found : undefined;
    });
    expect(entry).toMatchObject({ kind: 'start', via: 'temporal', verified: false, action: 'ingest' });
  });

  it.each([
    ['with a token, under its name', () => token, () => name, true],
    ['without one, under the OS user as unverified', () => '', () => expect.any(String) as string, false],
  ])('records an action of the command line %s', async (_, given, who, verified) => {
    const target = `${name}-made-${verified}`;
    await cli(given(), 'console-token', 'create', target, '--expires', '1d');
    const [entry] = await entries((each) => each.target === target);
    expect(entry).toMatchObject({ kind: 'action', via: 'cli', who: who(), verified, outcome: 'ok' });
    const { stdout } = await cli(given(), 'console-token', 'list');
    expect(stdout).toContain(target);
    await cli(given(), 'console-token', 'revoke', target);
  });

  it('records a run of the command line once', async () => {
    const workflowId = `${name}-run`;
    const json = JSON.stringify({ system: 'nyc', from: '2024-01', to: '2024-01' });
    await cli(token, 'run', 'ingest', '--id', workflowId, '--detach', '--json', json);
    await recorded(workflowId);
    expect(await entries(({ target }) => target === workflowId)).toMatchObject([
      { via: 'cli', who: name, verified: true },
    ]);
    await client.workflow
      .getHandle(workflowId)
      .terminate('done')
      .catch(() => undefined);
  });

  it('rejects a row without a name, and no action of the console without a token', async () => {
    const insert = (who: string, verified: boolean) =>
      database.query(
        `INSERT INTO console_audit (kind, via, who, verified, from_address, action, target, detail, outcome)
         VALUES ('action', 'console', $1, $2, '', '', '', '{}', 'ok')`,
        [who, verified],
      );
    await expect(insert('', true)).rejects.toThrow('console_audit_who');
    await expect(insert('anna', false)).rejects.toThrow('console_audit_identity');
  });
});

async function recorded(workflowId: string): Promise<void> {
  await until(async () => {
    const rows = await database.query('SELECT FROM workflow_runs WHERE workflow_id = $1', [workflowId]);
    return rows.length > 0 ? true : undefined;
  });
  // Waits for the writes that the worker queued after the row of the run.
  await until(async () => {
    const [row] = await database.query<{ closed: boolean }>(
      "SELECT closed_at IS NOT NULL OR now() - started_at > interval '3 s' AS closed FROM workflow_runs WHERE workflow_id = $1",
      [workflowId],
    );
    return row?.closed ? true : undefined;
  });
}

function cli(given: string, ...args: string[]) {
  return run(process.execPath, [path.join(PROJECT_DIR, 'client', 'bin.mjs'), ...args], {
    env: { ...process.env, CITIBIKE_TOKEN: given },
  });
}
