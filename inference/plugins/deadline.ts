/** A request that has waited too long is answered 503 instead of worked on: its caller has gone, or will not wait for the rest. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { HttpProblem } from '../../adapters/fastify/problem.ts';
import type { ServiceOptions } from '../options.ts';

const DEADLINE_MS = 10_000;
const RETRY_AFTER_SECONDS = 1;

declare module 'fastify' {
  interface FastifyRequest {
    /** `performance.now()` at which the body was there. */
    receivedAt: number;
  }
  interface FastifyInstance {
    /** @throws HttpProblem 503 when the request has been here for too long. */
    checkDeadline: (request: FastifyRequest) => void;
  }
}

export default fp<ServiceOptions>(
  (app: FastifyInstance, { deadlineMs = DEADLINE_MS }) => {
    app.decorateRequest('receivedAt', 0);
    app.addHook('preValidation', (request, _reply, done) => {
      request.receivedAt = performance.now();
      done();
    });
    app.decorate('checkDeadline', (request: FastifyRequest) => {
      const waited = performance.now() - request.receivedAt;
      if (waited <= deadlineMs) return;
      throw new HttpProblem(
        503,
        'deadline-exceeded',
        `The request was given up after ${Math.round(waited)} ms; ${deadlineMs} ms are allowed.`,
        { retryAfter: RETRY_AFTER_SECONDS },
      );
    });
  },
  { name: 'deadline' },
);
