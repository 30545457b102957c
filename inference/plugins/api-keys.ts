/**
 * Where keys are set, every route that is not `public` needs one: `Authorization: Bearer KEY` or `X-API-Key: KEY`. Predictions and what is
 * loaded are `read`; nothing of this service is `act`. Probes and metrics are `public`.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { findApiKey, TokenBucket, type ApiKey } from '../api-keys.ts';
import { HttpProblem } from '../../adapters/fastify/problem.ts';
import { accessOf } from '../../adapters/fastify/route-access.ts';

export interface ApiKeysOptions {
  readonly keys: readonly ApiKey[];
  /** What this process may let through of a key's limit: 1 / processes. */
  readonly share: number;
}

function keyShown({ headers }: FastifyRequest): string | undefined {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  const own = headers['x-api-key'];
  return bearer ?? (typeof own === 'string' ? own : undefined);
}

export const apiKeysPlugin = fp<ApiKeysOptions>(
  (app: FastifyInstance, { keys, share }) => {
    const buckets = new Map(
      keys.flatMap(({ name, requestsPerSecond }) =>
        requestsPerSecond === undefined
          ? []
          : [[name, new TokenBucket(requestsPerSecond * share, performance.now())] as const],
      ),
    );
    app.addHook('onRequest', (request, _reply, done) => {
      if (accessOf(request) === 'public') return done();
      const shown = keyShown(request);
      const key = shown === undefined ? undefined : findApiKey(keys, shown);
      if (!key) {
        return done(
          new HttpProblem(
            401,
            'unauthorized',
            'Send the key you were given as Authorization: Bearer KEY or X-API-Key: KEY.',
            { authenticate: 'Bearer' },
          ),
        );
      }
      const waitSeconds = buckets.get(key.name)?.take(performance.now()) ?? 0;
      if (waitSeconds === 0) return done();
      done(
        new HttpProblem(429, 'too-many-requests', `Key ${key.name} has used up its requests a second.`, {
          retryAfter: Math.ceil(waitSeconds),
        }),
      );
    });
  },
  { name: 'api-keys', dependencies: ['problem-details', 'route-access'] },
);
