/**
 * Who may do what. Reading is free on the loopback; beyond it, it needs a token, in the header or in the session's cookie, which is what
 * a browser sends with a download or a frame. Actions need it in the `Authorization` header, which a page of another host cannot send,
 * and come from a page of this host or from no page at all.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { nameOfToken } from '../../../adapters/postgres/console-tokens.ts';
import { HttpProblem } from '../../../adapters/fastify/problem.ts';
import { Cache } from '../upstreams/cache.ts';
import { FailedAttempts } from './failed-attempts.ts';

export interface AccessOptions {
  /** The console listens beyond the loopback. */
  readonly readNeedsToken: boolean;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Whether who asks may see what the console shows. */
    mayRead(request: FastifyRequest): Promise<boolean>;
  }
  interface FastifyRequest {
    /** Name of the token; set before an action's handler runs. */
    who: string;
  }
  interface FastifyContextConfig {
    /** Answered without a token in any case: it tells nothing but how to come in. */
    open?: boolean;
    /** A POST that changes nothing. */
    readOnly?: boolean;
  }
}

/** Holds the token for reading; set by routes/session.ts. */
export const SESSION_COOKIE = 'citibike_console';
const TOKEN = '[A-Za-z0-9_-]{16,200}';
const BEARER = new RegExp(`^Bearer (${TOKEN})$`);
const IN_COOKIE = new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=(${TOKEN})(?:;|$)`);

/** A token that was taken away is refused after so long at the latest. */
const KNOWN_MS = 5_000;

export const accessPlugin = fp<AccessOptions>(
  (app: FastifyInstance, { readNeedsToken }) => {
    const attempts = new FailedAttempts();
    const known = new Cache<string | undefined>(KNOWN_MS, 100);
    app.decorateRequest('who', '');

    app.addHook('onRequest', async (request) => {
      if (!readNeedsToken) refuseForeignHost(request);
      if (!request.url.startsWith('/api/')) return;
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      if (!isRead) refuseForeignOrigin(request);
      const { open = false, readOnly = isRead } = request.routeOptions.config;
      if (readOnly && (!readNeedsToken || open)) return;
      request.who = await identify(request, readOnly);
    });

    app.decorate('mayRead', async (request: FastifyRequest) => {
      if (!readNeedsToken) return true;
      try {
        return (await identify(request, true)) !== '';
      } catch (error) {
        if (error instanceof HttpProblem && [401, 429].includes(error.status)) return false;
        throw error;
      }
    });

    async function identify(request: FastifyRequest, isRead: boolean): Promise<string> {
      const wait = attempts.secondsToWait(request.ip);
      if (wait > 0)
        throw new HttpProblem(429, 'too-many-attempts', `Too many wrong tokens; try again in ${wait} s.`, {
          retryAfter: wait,
        });
      const { authorization, cookie = '' } = request.headers;
      const inCookie = isRead ? IN_COOKIE.exec(cookie)?.[1] : undefined;
      const token = authorization === undefined ? inCookie : BEARER.exec(authorization)?.[1];
      const { upstreams, database } = app.sources;
      const name =
        token &&
        (await known.get(token, () => upstreams.need('postgres', () => nameOfToken(database, token), 5_000)));
      if (name) return name;
      if (authorization !== undefined || inCookie !== undefined) attempts.failed(request.ip);
      throw new HttpProblem(
        401,
        'unauthorized',
        'This needs a token: the first one was printed by `citibike up`, `citibike console-token` makes another.',
        { authenticate: 'Bearer' },
      );
    }
  },
  { name: 'access' },
);

/** What a browser sends as `Origin` of a page of ours is what it sends as `Host`. */
function refuseForeignOrigin({ headers, protocol }: FastifyRequest): void {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  const isForeign =
    (origin !== undefined && origin !== `${protocol}://${host}` && origin !== `https://${host}`) ||
    site === 'cross-site' ||
    site === 'same-site';
  if (isForeign)
    throw new HttpProblem(403, 'forbidden-origin', 'Actions are taken from pages of this console alone.');
}

/** On the loopback: a name of another that leads here (DNS rebinding) must not read along. */
function refuseForeignHost({ headers }: FastifyRequest): void {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  if (/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host)) return;
  throw new HttpProblem(
    403,
    'forbidden-origin',
    `This console answers to localhost and 127.0.0.1, not to ${JSON.stringify(host)}.`,
  );
}
