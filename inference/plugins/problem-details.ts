/** Every error leaves as RFC 9457 problem details; what went wrong inside goes to the log. */
import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify';
import fp from 'fastify-plugin';
import { asProblem, HttpProblem, type ProblemStyle } from '../../adapters/fastify/problem.ts';
import { pathOf, sendProblem } from '../../adapters/fastify/send-problem.ts';

const STYLE: ProblemStyle = {
  emptyBody: 'The body is empty; send {"input_data": [...]}.',
  bodyTooLarge: 'The body is larger than this service reads; send fewer rows in one request.',
  failed: 'The service failed on this request; its log has the cause under the request id.',
  tellsUpstreams: false,
};

/** Methods that a path answers to; empty for a path that there is not. */
function methodsOf(app: FastifyInstance, url: string): HTTPMethods[] {
  return (['GET', 'POST'] as const).filter((method) => app.findRoute({ method, url }) !== null);
}

/** For an address that there is not, or not by this method. */
function noRoute(app: FastifyInstance, request: FastifyRequest): HttpProblem {
  const path = pathOf(request);
  const allow = methodsOf(app, path);
  if (allow.length === 0) {
    return new HttpProblem(404, 'not-found', `There is nothing at ${path}; /docs lists what there is.`);
  }
  const detail = `${path} answers to ${allow.join(', ')} only.`;
  return new HttpProblem(405, 'method-not-allowed', detail, { allow });
}

export const problemDetailsPlugin = fp(
  (app: FastifyInstance) => {
    app.setErrorHandler(async (error, request, reply) => {
      // What Fastify finds wrong with a body that no route would read is not the caller's first mistake.
      const isOurs = error instanceof HttpProblem;
      const problem = request.is404 && !isOurs ? noRoute(app, request) : asProblem(error, STYLE);
      if (problem.status >= 500 && !isOurs) request.log.error({ err: error }, 'request failed');
      await sendProblem(request, reply, problem);
    });
    app.setNotFoundHandler(async (request, reply) => sendProblem(request, reply, noRoute(app, request)));
  },
  { name: 'problem-details' },
);
