/**
 * Reads JSON bodies within bounds. Checks bytes, depth, rows, values and texts as they arrive, before
 * anything is parsed.
 */
import { errorCodes, type FastifyInstance, type FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { FREE_CHUNKS, isTinyChunked, LEAST_CHUNK_BYTES } from './chunk-sizes.ts';
import { dropPace } from './drop-pace.ts';
import { JsonScan, type BrokenLimit, type JsonLimits } from './json-bounds.ts';
import { parseInSlices } from './json-in-slices.ts';
import { abandonRest } from './lingering-response.ts';
import { LARGE_BODY_BYTES, LargeBodies, LargeBody, type LargeBodyLimits } from './large-bodies.ts';
import { HttpProblem } from './problem.ts';
import { ReadPace } from './read-pace.ts';
import { ReceivedBytes } from './received-bytes.ts';
import { unsupportedMedia } from './unsupported-media.ts';

export interface JsonBodyOptions {
  readonly limits: JsonLimits;
  readonly large: LargeBodyLimits;
  /** Field of the body that holds its rows; errors then name the row. */
  readonly rowsField?: string;
}

type ParseText = (
  request: FastifyRequest,
  text: string,
  done: (error: Error | null, value?: unknown) => void,
) => void;

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for bodies that are large or have no declared length. */
    largeBody: LargeBody | null;
  }
}

const RETRY_AFTER_SECONDS = 1;

export const jsonBodyPlugin = fp<JsonBodyOptions>(
  (app: FastifyInstance, { limits, large, rowsField }) => {
    const { bodyLimit } = app.initialConfig;
    const all = new LargeBodies(large);
    const pace = new ReadPace();
    const parse = parserOf(app);
    app.decorateRequest('largeBody', null);

    app.addHook('preParsing', (request, reply, _payload, done) => {
      const declared = Number(request.headers['content-length']);
      if (isRead(request) && (declared > 0 || isChunked(request))) {
        const unsupported = unsupportedMedia(request);
        if (unsupported) return done(unsupported);
      }
      // A body without a declared length may grow to any size.
      if (declared < LARGE_BODY_BYTES || (Number.isNaN(declared) && !isChunked(request))) return done();
      if (declared > bodyLimit!) return done(tooLarge());
      if (all.isFull) return done(overloaded());
      request.largeBody = new LargeBody(all, reply.raw);
      done();
    });

    // Leaves the queue before the answer is sent: a caller who does not read it would block all others.
    app.addHook('onSend', (request, _reply, payload, done) => {
      request.largeBody?.leave();
      done(null, payload);
    });

    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', (request, payload, done) => {
      const scan = new JsonScan(limits);
      const received = new ReceivedBytes();
      const { largeBody } = request;
      let [bytes, chunks] = [0, 0];
      let refusal: HttpProblem | undefined;

      payload.on('data', onData);
      payload.on('end', onEnd);
      payload.on('error', onError);

      function onData(chunk: Buffer): void {
        bytes += chunk.length;
        chunks++;
        if (bytes > bodyLimit!) return stop(tooLarge());
        if (isTinyChunked(bytes, chunks)) {
          abandonRest(request.raw);
          return stop(tooSmallChunks());
        }
        // Reads and drops the rest, so that the caller gets to the answer.
        if (refusal) return largeBody ? dropPace.drop(chunk.length, payload) : undefined;
        if (largeBody) pace.read(chunk.length, payload);
        const broken = scan.push(chunk);
        if (broken) refusal = problemOf(broken, limits, rowsField);
        else if (largeBody?.hold(chunk.length) === false) return stop(overloaded());
        else received.add(chunk);
      }
      function onEnd(): void {
        if (refusal) return done(refusal);
        const body = received.take();
        if (!largeBody || bytes < LARGE_BODY_BYTES) return parse(request, body.toString('utf8'), done);
        if (all.isFull) return done(overloaded());
        void largeBody
          .enter()
          .then(() => parseInSlices(body, scan.rowLists, (text) => parseNow(request, text)))
          .then(
            (value) => done(null, value),
            (error: Error) => done(error),
          );
      }
      function onError(error: Error): void {
        stop(Object.assign(error, { statusCode: 400 }));
      }
      function stop(error: Error): void {
        payload.off('data', onData).off('end', onEnd).off('error', onError);
        payload.on('error', () => undefined);
        done(error);
      }
    });

    function parseNow(request: FastifyRequest, text: string): unknown {
      let result: unknown;
      parse(request, text, (error, value) => {
        if (error) throw error;
        result = value;
      });
      return result;
    }
  },
  { name: 'json-body', dependencies: ['problem-details'] },
);

/**
 * Returns Fastify's own JSON parser, with its errors and its protection against keys that reach a prototype.
 */
function parserOf(app: FastifyInstance): ParseText {
  return app.getDefaultJsonParser('error', 'error') as ParseText;
}

const isChunked = ({ headers }: FastifyRequest): boolean => headers['transfer-encoding'] !== undefined;

/** Checks whether a route reads the body. Fastify ignores those of GET and HEAD. */
function isRead({ is404, method }: FastifyRequest): boolean {
  return !is404 && method !== 'GET' && method !== 'HEAD';
}

function tooLarge(): Error {
  return new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
}

function tooSmallChunks(): HttpProblem {
  return new HttpProblem(
    400,
    'bad-request',
    `The body comes in more than ${FREE_CHUNKS} chunks of less than ${LEAST_CHUNK_BYTES} bytes; send it in larger ones.`,
  );
}

function overloaded(): HttpProblem {
  return new HttpProblem(
    503,
    'overloaded',
    'Too many large bodies at one time; send this one again later, or fewer rows in it.',
    { retryAfter: RETRY_AFTER_SECONDS },
  );
}

function problemOf(
  { limit, offset, row }: BrokenLimit,
  limits: JsonLimits,
  rowsField: string | undefined,
): HttpProblem {
  const most = limits[limit];
  const wanted = {
    depth: `at most ${most} objects and lists inside each other`,
    rows: `a list of 1 to ${most} rows`,
    values: `at most ${most} values ${row === undefined ? 'outside of rows' : 'in a row'}`,
    textBytes: `strings, keys, numbers and spaces of at most ${most} bytes each`,
  }[limit];
  const message = `expected ${wanted}`;
  const field = rowsField ?? '(the whole input)';
  // An excess of rows is not the fault of a single row.
  const at = limit === 'rows' ? undefined : row;
  const where = at === undefined ? field : `row ${at}, ${field}`;
  return new HttpProblem(422, 'invalid-input', `${where}: ${message}; at byte ${offset} of the body`, {
    errors: [{ ...(rowsField === undefined ? {} : { row: at ?? null }), field, message }],
  });
}
