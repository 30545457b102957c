/**
 * Sends problem details for requests that Fastify and Node reject themselves: bad paths, expectations or
 * versions, missing hosts.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { answerBrokenRequest, CONNECT_REFUSED } from './broken-request.ts';
import { HttpProblem, PROBLEM_CONTENT_TYPE, problemDetails } from './problem.ts';
import { requestIdOf } from './request-log.ts';
import { sendProblem } from './send-problem.ts';

/** Holds the Fastify options for these errors. */
export const FRAMEWORK_ERRORS = {
  frameworkErrors: answerFrameworkError,
  clientErrorHandler: answerBrokenRequest,
  // Fastify still answers requests on open connections while the server closes.
  return503OnClosing: false,
} as const;

/** Holds the options of Node's server: the plugin below rejects requests without a Host header. */
export const NO_HOST_CHECK = { requireHostHeader: false } as const;

export const frameworkErrorsPlugin = fp(
  (app: FastifyInstance) => {
    app.server.on('checkExpectation', rejectExpectation);
    app.server.on('connect', (_request: IncomingMessage, socket: Socket) =>
      answerBrokenRequest({ code: CONNECT_REFUSED }, socket),
    );
    app.addHook('onRequest', ({ raw }, _reply, done) => {
      if (raw.httpVersionMajor !== 1)
        return done(new HttpProblem(505, 'bad-request', 'This service speaks HTTP/1.1 and HTTP/1.0.'));
      if (raw.headers.host === undefined && raw.httpVersionMinor === 1)
        return done(new HttpProblem(400, 'bad-request', 'HTTP/1.1 needs a Host header.'));
      done();
    });
  },
  // Its rejections carry their headers too.
  { name: 'framework-errors', dependencies: ['request-log', 'security-headers'] },
);

/**
 * Answers a path that cannot be decoded or has a part that is too long. No route has matched, and no hook has
 * run.
 */
function answerFrameworkError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode ?? 500;
  const problem =
    status === 414
      ? new HttpProblem(414, 'bad-request', 'A part of the path is longer than this service reads.')
      : status < 500
        ? new HttpProblem(status, 'bad-request', 'The path is not valid: check its percent-encoding.')
        : new HttpProblem(500, 'internal-error', 'The service failed on this request.');
  void reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
  void sendProblem(request, reply, problem);
}

function rejectExpectation(request: IncomingMessage, response: ServerResponse): void {
  const problem = new HttpProblem(417, 'bad-request', 'Only Expect: 100-continue is supported.');
  const body = JSON.stringify(problemDetails(problem, '', requestIdOf(request)));
  response.writeHead(problem.status, {
    'content-type': PROBLEM_CONTENT_TYPE,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  response.end(body);
}
