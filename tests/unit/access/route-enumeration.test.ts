/**
 * Requests every route of both servers, in every spelling of its path, as callers that its access does not
 * allow.
 */
import type { AddressInfo } from 'node:net';
import Fastify, { type RouteOptions } from 'fastify';
import { describe, expect, it } from 'vitest';
import { routeAccessPlugin, type Access } from '../../../adapters/fastify/route-access.ts';
import { parseApiKeys } from '../../../adapters/api-keys/api-key-file.ts';
import { digestOf } from '../../../adapters/postgres/console-identity.ts';
import { startServing } from '../inference/test-service.ts';
import { fakeConsole, PUBLIC_MARK, SESSION, TOKEN, type FakeConsole } from './fake-console.ts';
import { ask, eachOf, type RawAnswer } from './raw-request.ts';
import { spellingsOf } from './spellings.ts';

interface Route {
  readonly method: string;
  readonly path: string;
  readonly access: Access;
}

/** Lists the allowed statuses of a rejected request. 415 and 422 would reveal that the server read the body. */
const KEPT_OUT = [400, 401, 403, 404, 405, 414];

function routesOf(declared: readonly RouteOptions[]): Route[] {
  return declared.flatMap(({ method, url, config }) =>
    [method].flat().map((each) => ({
      method: each,
      path: url.replace(/:\w+|\*/g, 'x'),
      access: config!.access!,
    })),
  );
}

const lineOf = ({ method, path }: Route): string => `${method} ${path}`;
const linesOf = (routes: readonly Route[], access: Access): string[] =>
  [...new Set(routes.filter((route) => route.access === access).map(lineOf))].sort();

const CREDENTIALS: Readonly<Record<string, Record<string, string>>> = {
  'without a token': {},
  'with a reading cookie': { cookie: `citibike_console=${SESSION}` },
  'with a wrong token': { authorization: `Bearer ${'x'.repeat(32)}` },
};
const ORIGINS: Readonly<Record<string, Record<string, string>>> = {
  'no origin': {},
  'a null origin': { origin: 'null' },
  'a foreign origin': { origin: 'http://evil.example' },
};

/**
 * Returns whether the console may accept the caller.
 * @param own true if the request does not come from a page of another site.
 */
function isAllowed(route: Route, readNeedsToken: boolean, caller: string, own: boolean): boolean {
  if (!own && route.method !== 'GET' && route.method !== 'HEAD') return false;
  if (route.access === 'public') return true;
  return route.access === 'read' && (!readNeedsToken || caller === 'with a reading cookie');
}

/**
 * Selects the cases to test: all callers and origins for writes, a few for reads, where the origin does not
 * matter.
 */
function isWorthAsking({ method }: Route, caller: string, origin: string): boolean {
  const isLook = method === 'GET' || method === 'HEAD';
  return !isLook || caller === 'without a token' || origin === 'no origin';
}

/** Sets the timeout in milliseconds for thousands of requests on a busy machine. */
const LONG_MS = 240_000;

let callers = 0;
/** Gives each request its own address, so that the delay for wrong tokens does not slow the test down. */
const address = (): Record<string, string> => {
  callers += 1;
  return { 'x-forwarded-for': `10.${(callers >> 16) & 255}.${(callers >> 8) & 255}.${callers & 255}` };
};

async function askConsole(
  { port }: FakeConsole,
  { method }: Route,
  target: string,
  headers: Record<string, string>,
): Promise<RawAnswer> {
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const json: Record<string, string> = hasBody ? { 'content-type': 'application/json' } : {};
  return ask({
    port,
    method,
    target,
    headers: { host: `127.0.0.1:${port}`, ...json, ...address(), ...headers },
    body: hasBody ? '{}' : undefined,
  });
}

describe.each([
  ['beyond the loopback', true],
  ['on the loopback', false],
])('the console %s', (_, readNeedsToken) => {
  const start = () => fakeConsole({ readNeedsToken, trustedProxies: ['127.0.0.1'] });

  it(
    'rejects every caller whom the declared access does not allow, in any spelling of the path',
    { timeout: LONG_MS },
    async () => {
      const server = await start();
      const routes = routesOf(server.app.declaredRoutes);
      const cases = routes.flatMap((route) =>
        Object.entries(CREDENTIALS).flatMap(([caller, credentials]) =>
          Object.entries(ORIGINS).flatMap(([origin, headers]) =>
            isAllowed(route, readNeedsToken, caller, origin === 'no origin') ||
            !isWorthAsking(route, caller, origin)
              ? []
              : Object.entries(spellingsOf(route.path)).map(([spelling, target]) => ({
                  route,
                  spelling,
                  target,
                  said: `${lineOf(route)} as ${target}, ${spelling}, ${caller}, ${origin}`,
                  headers: { ...credentials, ...headers },
                })),
          ),
        ),
      );
      expect(cases.length).toBeGreaterThan(2_000);
      const leaks: string[] = [];
      await eachOf(cases, async ({ route, spelling, target, said, headers }) => {
        const { status, body } = await askConsole(server, route, target, headers);
        // A path that is not the route's own may lead to the page or a probe, which are public.
        const isPublic =
          spelling !== 'as declared' && (body.includes(PUBLIC_MARK) || body === '{"status":"alive"}');
        const isHead = route.method === 'HEAD' && spelling !== 'as declared' && status === 200;
        if (!KEPT_OUT.includes(status) && !isPublic && !isHead) leaks.push(`${status} ${said}: ${body}`);
        if (spelling === 'as declared' && ![401, 403].includes(status)) leaks.push(`${status} ${said}`);
      });
      expect(leaks).toEqual([]);
      // No request was accepted: no source was called, and the audit contains only rejections.
      expect(server.touched).toEqual([]);
      expect(server.audit.filter(([kind]) => kind !== 'rejection')).toEqual([]);
    },
  );

  it('accepts every caller whom the declared access allows', async () => {
    const server = await start();
    await eachOf(routesOf(server.app.declaredRoutes), async (route) => {
      const bearer = { authorization: `Bearer ${TOKEN}` };
      const { status } = await askConsole(server, route, route.path, bearer);
      expect([401, 403], lineOf(route)).not.toContain(status);
      const reader = await askConsole(server, route, route.path, CREDENTIALS['with a reading cookie']!);
      if (route.access === 'act') expect(reader.status, lineOf(route)).toBe(401);
      else expect([401, 403], lineOf(route)).not.toContain(reader.status);
    });
  });
});

it('the console serves the routes that it declares public, and audits those that it declares actions', async () => {
  const { app } = await fakeConsole({ readNeedsToken: true });
  const routes = routesOf(app.declaredRoutes);
  expect(linesOf(routes, 'public')).toEqual([
    'DELETE /api/session',
    'GET /',
    'GET /api/session',
    'GET /index.html',
    'GET /livez',
    'GET /x',
    'HEAD /',
    'HEAD /api/session',
    'HEAD /index.html',
    'HEAD /livez',
    'HEAD /x',
  ]);
  expect(linesOf(routes, 'act')).toEqual([
    'DELETE /api/schedules/x',
    'GET /api/token',
    'POST /api/approvals/x',
    'POST /api/models/x/promote',
    'POST /api/models/x/rollback',
    'POST /api/runs',
    'POST /api/runs/x/cancel',
    'POST /api/runs/x/retry',
    'POST /api/runs/x/terminate',
    'POST /api/schedules/x',
    'POST /api/schedules/x/backfill',
    'POST /api/schedules/x/pause',
    'POST /api/schedules/x/trigger',
    'POST /api/schedules/x/unpause',
    'POST /api/session',
    'PUT /api/schedules/x',
  ]);
});

describe('the prediction service with keys', () => {
  const KEY = 'open sesame';
  const start = async () => {
    const { app } = await startServing({
      overrides: { apiKeys: { keys: parseApiKeys(`anna:${digestOf(KEY)}\n`, 'keys') } },
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    return { app, port: (app.server.address() as AddressInfo).port };
  };

  it('rejects callers without a key, in any spelling of the path', { timeout: LONG_MS }, async () => {
    const { app, port } = await start();
    const routes = routesOf(app.declaredRoutes);
    expect(linesOf(routes, 'public').filter((line) => line.startsWith('GET'))).toEqual([
      'GET /healthz',
      'GET /livez',
      'GET /metrics',
      'GET /readyz',
    ]);
    expect(linesOf(routes, 'act')).toEqual([]);
    const cases = routes
      .filter(({ access }) => access !== 'public')
      .flatMap((route) =>
        Object.entries(CREDENTIALS).flatMap(([caller, credentials]) =>
          Object.entries(ORIGINS)
            .filter(([origin]) => isWorthAsking(route, caller, origin))
            .flatMap(([, origin]) =>
              Object.entries(spellingsOf(route.path)).map(([spelling, target]) => ({
                route,
                spelling,
                target,
                headers: { ...credentials, ...origin },
              })),
            ),
        ),
      );
    const leaks: string[] = [];
    await eachOf(cases, async ({ route: { method }, spelling, target, headers }) => {
      const body = method === 'POST' ? '{"input_data":[{}]}' : undefined;
      const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
      const answer = await ask({ port, method, target, headers: { ...json, ...headers }, body });
      const isProbe = target.startsWith('/livez?') && method !== 'POST' && answer.status === 200;
      if (!KEPT_OUT.includes(answer.status) && !isProbe) leaks.push(`${answer.status} ${method} ${target}`);
      if (spelling === 'as declared' && answer.status !== 401)
        leaks.push(`${answer.status} ${method} ${target}`);
    });
    expect(leaks).toEqual([]);
  });

  it('accepts callers with a key', async () => {
    const { app, port } = await start();
    await eachOf(routesOf(app.declaredRoutes), async ({ method, path: target }) => {
      const answer = await ask({ port, method, target, headers: { 'x-api-key': KEY } });
      expect(answer.status, `${method} ${target}`).not.toBe(401);
    });
  });
});

describe('a route that declares nothing', () => {
  it('prevents the start of a server, and is named', async () => {
    const app = Fastify();
    await app.register(routeAccessPlugin);
    app.get('/open', { config: { access: 'public' } }, () => '');
    await app.register(async (scope) => scope.post('/forgotten', () => ''));
    await expect(app.ready()).rejects.toThrow(/^routes without access: POST \/forgotten\./);
  });

  it.each(['GET', 'POST'] as const)('that escapes the check at start is not open: %s', async (method) => {
    const { app } = await fakeConsole({ readNeedsToken: true });
    const hidden = await app.inject({ method, url: '/nothing/of/the/kind.css', payload: {} });
    expect([401, 404]).toContain(hidden.statusCode);
  });
});
