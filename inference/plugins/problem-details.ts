/** Every error leaves as RFC 9457 problem details; what went wrong inside goes to the log. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import fp from 'fastify-plugin';
import { asProblem, HttpProblem, PROBLEM_CONTENT_TYPE, problemDetails } from '../problem.ts';

/** Path without the query, which may hold what a caller did not mean to see again. */
function pathOf(request: FastifyRequest): string {
  const query = request.url.indexOf('?');
  return query < 0 ? request.url : request.url.slice(0, query);
}

async function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: HttpProblem,
): Promise<void> {
  const { retryAfter, allow, authenticate } = problem.facts;
  if (retryAfter !== undefined) void reply.header('retry-after', retryAfter);
  if (allow) void reply.header('allow', allow.join(', '));
  if (authenticate !== undefined) void reply.header('www-authenticate', authenticate);
  // A string, because a route's response schemas describe its answers and must not cut an error.
  await reply
    .code(problem.status)
    .type(PROBLEM_CONTENT_TYPE)
    .send(JSON.stringify(problemDetails(problem, pathOf(request), request.id)));
}

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
      const problem = request.is404 && !isOurs ? noRoute(app, request) : asProblem(error);
      if (problem.status >= 500 && !isOurs) request.log.error({ err: error }, 'request failed');
      await sendProblem(request, reply, problem);
    });
    app.setNotFoundHandler(async (request, reply) => sendProblem(request, reply, noRoute(app, request)));
  },
  { name: 'problem-details' },
);
