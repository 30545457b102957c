/** Answers 503 to a request that has waited too long, because its caller has probably given up. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { HttpProblem } from '../../adapters/fastify/problem.ts';
import type { ServiceOptions } from '../options.ts';

const DEADLINE_MS = 10_000;
const RETRY_AFTER_SECONDS = 1;

declare module 'fastify' {
  interface FastifyRequest {
    /** `performance.now()` when the body was complete. */
    receivedAt: number;
  }
  interface FastifyInstance {
    /** @throws HttpProblem 503 if the request has waited for too long. */
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
        `The request waited ${Math.round(waited)} ms and was given up; the limit is ${deadlineMs} ms.`,
        { retryAfter: RETRY_AFTER_SECONDS },
      );
    });
  },
  { name: 'deadline' },
);
