/**
 * Limits the requests per second of each address, where no keys identify callers. Public routes (probes and
 * metrics) are exempt.
 */
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { HttpProblem } from '../../adapters/fastify/problem.ts';
import { accessOf } from '../../adapters/fastify/route-access.ts';
import { networkOf } from '../../adapters/fastify/network-of.ts';
import type { ServiceOptions } from '../options.ts';
import { TokenBucket } from '../token-bucket.ts';

/** Limits the number of tracked addresses, about 2 MB; the least recently active one is dropped first. */
const MOST_ADDRESSES = 10_000;

export default fp<ServiceOptions>(
  (app: FastifyInstance, { apiKeys, requestsPerSecond, processes = 1 }) => {
    if (apiKeys || !requestsPerSecond) return;
    const buckets = new Map<string, TokenBucket>();
    app.addHook('onRequest', (request, _reply, done) => {
      if (accessOf(request) === 'public') return done();
      const address = networkOf(request.ip);
      const now = performance.now();
      const bucket = buckets.get(address) ?? new TokenBucket(requestsPerSecond / processes, now);
      // A Map keeps insertion order, so the first entry is the least recently active address.
      buckets.delete(address);
      buckets.set(address, bucket);
      if (buckets.size > MOST_ADDRESSES) buckets.delete(buckets.keys().next().value!);
      const waitSeconds = bucket.take(now);
      if (waitSeconds === 0) return done();
      done(
        new HttpProblem(
          429,
          'too-many-requests',
          `Your address exceeded its limit of ${requestsPerSecond} requests per second.`,
          { retryAfter: Math.ceil(waitSeconds) },
        ),
      );
    });
  },
  { name: 'address-limit', dependencies: ['api-keys'] },
);
