/** Rejects requests with 503 when the process is overloaded, so that accepted requests stay fast. */
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { WIDEST_ROW_BYTES } from '../schemas/body-limits.ts';
import { HttpProblem } from '../../adapters/fastify/problem.ts';
import type { OverloadLimits, ServiceOptions } from '../options.ts';

export const DEFAULT_LIMITS: OverloadLimits = {
  eventLoopDelayMs: 500,
  rowsInFlight: 40_000,
};

const RETRY_AFTER_SECONDS = 1;
declare module 'fastify' {
  interface FastifyInstance {
    admission: Admission;
  }
}

/** Counts the rows being predicted. */
export class Admission {
  readonly #limit: number;
  #rows = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Counts the rows in. Call `leave` for every `enter`.
   * @throws HttpProblem 503 if too many rows would be in progress.
   */
  enter(rows: number): void {
    if (this.refuses(rows)) throw overloaded();
    this.#rows += rows;
  }

  /** Checks whether at least `rows` more would be rejected now. */
  refuses(rows: number): boolean {
    return this.#rows > 0 && this.#rows + rows > this.#limit;
  }

  leave(rows: number): void {
    this.#rows -= rows;
  }
}

function overloaded(): HttpProblem {
  return new HttpProblem(503, 'overloaded', 'The service is overloaded.', {
    retryAfter: RETRY_AFTER_SECONDS,
  });
}

export default fp<ServiceOptions>(
  async (app: FastifyInstance, { limits = DEFAULT_LIMITS }) => {
    const admission = new Admission(limits.rowsInFlight);
    app.decorate('admission', admission);
    // A large body is rejected before it is read, because reading it would delay accepted requests.
    app.addHook('onRequest', (request, _reply, done) => {
      const bytes = Number(request.headers['content-length'] ?? 0);
      done(admission.refuses(bytes / WIDEST_ROW_BYTES) ? overloaded() : undefined);
    });
    await app.register(underPressure, {
      maxEventLoopDelay: limits.eventLoopDelayMs,
      pressureHandler: (request) => {
        // Probes pass, because a busy process is not a dead one.
        if (!request.routeOptions.config.probe) throw overloaded();
      },
    });
  },
  // A caller without a key gets 401, even if the service is overloaded.
  { name: 'overload', dependencies: ['api-keys', 'address-limit'] },
);
