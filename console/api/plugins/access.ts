/**
 * Decides who may do what, by the access that the matched route declares. On the loopback, reading needs no
 * token. Beyond it, reading needs a token in the header or a session cookie, which browsers send with
 * downloads and frames. Actions need the token in the `Authorization` header, which a page of another host
 * cannot send. They must come from a page of this host or from no page.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import {
  digestOf,
  identityOfSession,
  identityOfToken,
  type Identity,
} from '../../../adapters/postgres/console-identity.ts';
import { HttpProblem } from '../../../adapters/fastify/problem.ts';
import { accessOf } from '../../../adapters/fastify/route-access.ts';
import { shownPathOf } from '../../../adapters/fastify/send-problem.ts';
import { Cache } from '../upstreams/cache.ts';
import type { ConsoleOptions } from '../options.ts';
import { refuseForeignHost, refuseForeignOrigin } from '../foreign.ts';
import { sessionIn } from '../session-cookie.ts';
import { Rejections } from '../rejections.ts';
import { WrongTokens } from '../wrong-tokens.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Checks whether the caller may currently see what the console shows. */
    mayRead(request: FastifyRequest): Promise<boolean>;
    rejections: Rejections;
    /** Clears cached identities after a session ends, so that the session is rejected at once. */
    forgetIdentities(): void;
  }
  interface FastifyRequest {
    /** Identity of the caller's token; never null in a handler of a route with access `act`. */
    identity: Identity | null;
  }
}

const BEARER = /^Bearer ([A-Za-z0-9_-]{16,200})$/;

/** Is the cache time in milliseconds, after which a revoked token or ended session is rejected at the latest. */
const KNOWN_MS = 5_000;
const MOST_KNOWN = 500;
const POSTGRES_MS = 5_000;

export default fp<ConsoleOptions>(
  (app: FastifyInstance, { sources, facts: { readNeedsToken } }) => {
    const { upstreams, database } = sources;
    const wrong = new WrongTokens();
    const rejections = new Rejections(database, app.log);
    const known = new Cache<Identity>(KNOWN_MS, MOST_KNOWN);
    app.decorateRequest('identity', null);
    app.decorate('rejections', rejections);
    app.decorate('forgetIdentities', () => known.clear());
    app.addHook('onClose', () => rejections.flush());

    app.addHook('onRequest', async (request) => {
      try {
        await admit(request);
      } catch (error) {
        if (error instanceof HttpProblem && error.status < 500) reject(request, error);
        throw error;
      }
    });

    app.decorate('mayRead', async (request: FastifyRequest) => {
      if (!readNeedsToken) return true;
      try {
        await identify(request, true);
        return true;
      } catch (error) {
        if (!(error instanceof HttpProblem && error.status === 401)) throw error;
        if (hasCredentials(request)) reject(request, error);
        return false;
      }
    });

    async function admit(request: FastifyRequest): Promise<void> {
      if (!readNeedsToken) refuseForeignHost(request);
      if (request.method !== 'GET' && request.method !== 'HEAD') refuseForeignOrigin(request);
      const access = accessOf(request);
      if (access === 'public' || (access === 'read' && !readNeedsToken)) return;
      request.identity = await identify(request, access === 'read');
    }

    /**
     * Identifies the caller. Delays the answer if the address repeatedly presents wrong tokens.
     * @throws HttpProblem 401
     */
    async function identify(request: FastifyRequest, orSession: boolean): Promise<Identity> {
      const { authorization } = request.headers;
      const token = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
      const session = authorization === undefined && orSession ? sessionIn(request) : undefined;
      const found =
        token !== undefined
          ? await lookUp('token', token, () => identityOfToken(database, token))
          : session !== undefined
            ? await lookUp('session', session, () => identityOfSession(database, session))
            : undefined;
      if (found) return found;
      const isShown = authorization !== undefined || session !== undefined;
      if (isShown) await wrong.slow(request.ip);
      throw new HttpProblem(
        401,
        'unauthorized',
        isShown
          ? 'The token is unknown, expired or revoked; create another with `citibike console-token create NAME`.'
          : 'This needs a token. The first `citibike up` printed one; create another with `citibike console-token create NAME`.',
        { authenticate: 'Bearer' },
      );
    }

    /** Looks up an identity and caches only valid ones, so that wrong tokens cannot evict valid ones. */
    async function lookUp(
      kind: 'token' | 'session',
      secret: string,
      ask: () => Promise<Identity | undefined>,
    ): Promise<Identity | undefined> {
      try {
        return await known.get(`${kind} ${digestOf(secret)}`, async () => {
          const identity = await upstreams.need('postgres', ask, POSTGRES_MS);
          if (!identity) throw new Unknown();
          return identity;
        });
      } catch (error) {
        if (error instanceof Unknown) return undefined;
        throw error;
      }
    }

    function reject(request: FastifyRequest, { kind }: HttpProblem): void {
      const { url = shownPathOf(request) } = request.routeOptions;
      rejections.add({ address: request.ip, reason: kind, target: `${request.method} ${url}` });
    }
  },
  // Rejections of this plugin carry the headers of these plugins too.
  { name: 'access', dependencies: ['problem-details', 'route-access', 'framework-errors'] },
);

class Unknown extends Error {}

function hasCredentials(request: FastifyRequest): boolean {
  return request.headers.authorization !== undefined || sessionIn(request) !== undefined;
}

/**
 * Returns the identity of the caller.
 * @throws Error if no token was presented; a route with access `act` never lets that happen.
 */
export function identityOf({ identity, routeOptions }: FastifyRequest): Identity {
  if (identity) return identity;
  throw new Error(`${routeOptions.url ?? 'a route'} acts without access: 'act'`);
}
