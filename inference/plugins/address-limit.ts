/** Holds every address to its requests a second, where no keys tell callers apart. Probes and metrics, which are public, are not counted. */
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { HttpProblem } from '../../adapters/fastify/problem.ts';
import { accessOf } from '../../adapters/fastify/route-access.ts';
import { networkOf } from '../../adapters/fastify/network-of.ts';
import { TokenBucket } from '../token-bucket.ts';

export interface AddressLimitOptions {
  readonly requestsPerSecond: number;
  /** What this process may let through of the limit: 1 / processes. */
  readonly share: number;
}

/** Addresses remembered, some 2 MB; the one that has been silent longest is forgotten first. */
const MOST_ADDRESSES = 10_000;

export const addressLimitPlugin = fp<AddressLimitOptions>(
  (app: FastifyInstance, { requestsPerSecond, share }) => {
    const buckets = new Map<string, TokenBucket>();
    app.addHook('onRequest', (request, _reply, done) => {
      if (accessOf(request) === 'public') return done();
      const address = networkOf(request.ip);
      const now = performance.now();
      const bucket = buckets.get(address) ?? new TokenBucket(requestsPerSecond * share, now);
      // A Map keeps the order of insertion: the first is the one that has been silent longest.
      buckets.delete(address);
      buckets.set(address, bucket);
      if (buckets.size > MOST_ADDRESSES) buckets.delete(buckets.keys().next().value!);
      const waitSeconds = bucket.take(now);
      if (waitSeconds === 0) return done();
      done(
        new HttpProblem(
          429,
          'too-many-requests',
          `Your address has used up its ${requestsPerSecond} requests a second.`,
          { retryAfter: Math.ceil(waitSeconds) },
        ),
      );
    });
  },
  { name: 'address-limit', dependencies: ['problem-details'] },
);
