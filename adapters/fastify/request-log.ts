/** Writes one log line per request, without its payload, except for probes and scrapes. */
import type { IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Marks routes that machines poll: they are not logged, and are answered under load too. */
    probe?: boolean;
  }
}

/** Matches request ids that are harmless in logs and headers. */
const SANE_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

/** Returns the caller's `X-Request-Id` if it is valid, otherwise a new id. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && SANE_ID.test(given) ? given : randomUUID();
}

export const requestLogPlugin = fp(
  (app: FastifyInstance) => {
    app.addHook('onRequest', (request, reply, done) => {
      void reply.header('x-request-id', request.id);
      done();
    });
    app.addHook('onResponse', (request, reply, done) => {
      if (!request.routeOptions.config.probe) {
        request.log.info(
          {
            method: request.method,
            route: request.routeOptions.url,
            status: reply.statusCode,
            ms: Math.round(reply.elapsedTime * 100) / 100,
          },
          'request',
        );
      }
      done();
    });
  },
  { name: 'request-log' },
);
