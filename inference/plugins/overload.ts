/** More work than the process can do in good time is refused at the door with 503, so that what was accepted stays fast. */
import { Transform } from 'node:stream';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance, FastifyReply, FastifyRequest, RequestPayload } from 'fastify';
import fp from 'fastify-plugin';
import { HttpProblem } from '../../adapters/fastify/problem.ts';

export interface OverloadLimits {
  /** Mean delay of the event loop over a second, in milliseconds. Its utilisation is no limit: a full but prompt process is fine. */
  readonly eventLoopDelayMs: number;
  /** Rows being predicted at one time, over all requests. */
  readonly rowsInFlight: number;
  /** Bytes of large bodies that have come in and are not answered yet, over all requests. */
  readonly bodyBytesInFlight: number;
}

export const DEFAULT_LIMITS: OverloadLimits = {
  eventLoopDelayMs: 500,
  rowsInFlight: 40_000,
  bodyBytesInFlight: 64 * 1024 * 1024,
};

/** Bodies that say they are smaller are not counted: thousands of them fit into what one large one takes. */
const SMALL_BODY_BYTES = 64 * 1024;

const RETRY_AFTER_SECONDS = 1;
/** A row of 12 features with all digits and every optional column. */
const LARGEST_ROW_BYTES = 500;

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

  /** @throws HttpProblem 503 when the rows would be too many beside those under way. Every enter needs its leave. */
  enter(rows: number): void {
    if (this.refuses(rows)) throw overloaded();
    this.#rows += rows;
  }

  /** Whether at least `rows` more would be refused now. */
  refuses(rows: number): boolean {
    return this.#rows > 0 && this.#rows + rows > this.#limit;
  }

  leave(rows: number): void {
    this.#rows -= rows;
  }
}

/**
 * Counts the bytes of large bodies, and of those of unknown length, as they come in: callers who send slowly hold what they have sent.
 * @returns what to read the body from.
 */
function countBody(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: RequestPayload,
  held: { bytes: number },
  limit: number,
): RequestPayload {
  const declared = request.headers['content-length'];
  if (declared !== undefined && Number(declared) < SMALL_BODY_BYTES) return payload;
  let mine = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      mine += chunk.length;
      held.bytes += chunk.length;
      counted.receivedEncodedLength = mine;
      done(held.bytes > limit ? overloaded() : null, chunk);
    },
  }) as Transform & RequestPayload;
  counted.receivedEncodedLength = 0;
  // The request itself may close while its last bytes still wait here: counted after that, they would be held for ever.
  reply.raw.once('close', () => counted.destroy());
  counted.once('close', () => (held.bytes -= mine));
  payload.on('error', (error) => counted.destroy(error));
  return payload.pipe(counted);
}

function overloaded(): HttpProblem {
  return new HttpProblem(503, 'overloaded', 'The service has more work than it can do in good time.', {
    retryAfter: RETRY_AFTER_SECONDS,
  });
}

export const overloadPlugin = fp<{ limits: OverloadLimits }>(
  async (app: FastifyInstance, { limits }) => {
    const admission = new Admission(limits.rowsInFlight);
    app.decorate('admission', admission);
    // A large body is refused before it is read: reading it would take the time that those under way need.
    app.addHook('onRequest', (request, _reply, done) => {
      const bytes = Number(request.headers['content-length'] ?? 0);
      done(admission.refuses(bytes / LARGEST_ROW_BYTES) ? overloaded() : undefined);
    });
    const held = { bytes: 0 };
    app.addHook('preParsing', (request, reply, payload, done) => {
      done(null, countBody(request, reply, payload, held, limits.bodyBytesInFlight));
    });
    await app.register(underPressure, {
      maxEventLoopDelay: limits.eventLoopDelayMs,
      pressureHandler: (request) => {
        // A busy process is not a dead one.
        if (!request.routeOptions.config.probe) throw overloaded();
      },
    });
  },
  { name: 'overload', dependencies: ['problem-details'] },
);
