/**
 * Requires a key on every route that is not `public`, if keys are set: `Authorization: Bearer KEY` or
 * `X-API-Key: KEY`. Predictions and model information are `read`, probes and metrics are `public`; this
 * service has no `act` route.
 */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { hashOfKey, type ApiKey } from '../../adapters/api-keys/api-key-file.ts';
import { HttpProblem } from '../../adapters/fastify/problem.ts';
import { accessOf } from '../../adapters/fastify/route-access.ts';
import type { ServiceOptions } from '../options.ts';
import { TokenBucket } from '../token-bucket.ts';

function keyShown({ headers }: FastifyRequest): string | undefined {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  const own = headers['x-api-key'];
  return bearer ?? (typeof own === 'string' ? own : undefined);
}

/** Finds the key in constant time, so that timing does not reveal similar keys. */
function findApiKey(keys: readonly ApiKey[], shown: string): ApiKey | undefined {
  const hash = hashOfKey(shown);
  let found: ApiKey | undefined;
  for (const key of keys) if (timingSafeEqual(key.hash, hash)) found = key;
  return found;
}

export default fp<ServiceOptions>(
  (app: FastifyInstance, { apiKeys, processes = 1 }) => {
    if (!apiKeys) return;
    /** Holds the rate limits by key; entries are dropped with the old keys when the file is reloaded. */
    const buckets = new WeakMap<ApiKey, TokenBucket>();
    const secondsToWait = (key: ApiKey): number => {
      if (key.requestsPerSecond === undefined) return 0;
      const now = performance.now();
      const bucket = buckets.get(key) ?? new TokenBucket(key.requestsPerSecond / processes, now);
      buckets.set(key, bucket);
      return bucket.take(now);
    };
    app.addHook('onRequest', (request, _reply, done) => {
      if (accessOf(request) === 'public') return done();
      const shown = keyShown(request);
      const key = shown === undefined ? undefined : findApiKey(apiKeys.keys, shown);
      if (!key) {
        return done(
          new HttpProblem(
            401,
            'unauthorized',
            'No valid API key. Send yours in the header X-API-Key, or as a bearer token; the operator of the service creates keys.',
            { authenticate: 'Bearer' },
          ),
        );
      }
      const waitSeconds = secondsToWait(key);
      if (waitSeconds === 0) return done();
      done(
        new HttpProblem(
          429,
          'too-many-requests',
          `Key ${key.name} exceeded its limit of requests per second.`,
          {
            retryAfter: Math.ceil(waitSeconds),
          },
        ),
      );
    });
  },
  {
    name: 'api-keys',
    // Their hooks also see the requests that this plugin rejects.
    dependencies: ['problem-details', 'route-access', 'framework-errors', 'metrics', 'tracing'],
  },
);
