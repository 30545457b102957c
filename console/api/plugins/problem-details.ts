/** Every error leaves as problem details; what went wrong inside goes to the log. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { HttpProblem } from '../problem.ts';
import { asProblem, PROBLEM_CONTENT_TYPE, problemDetails } from '../problem.ts';

/** Path without the query, which may hold what a caller did not mean to see again. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0]!;
}

export async function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: HttpProblem,
): Promise<void> {
  if (problem.retryAfter !== undefined) void reply.header('retry-after', problem.retryAfter);
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  await reply
    .code(problem.status)
    .type(PROBLEM_CONTENT_TYPE)
    .send(JSON.stringify(problemDetails(problem, pathOf(request), request.id)));
}

export const problemDetailsPlugin = fp(
  (app: FastifyInstance) => {
    app.setErrorHandler(async (error, request, reply) => {
      const problem = asProblem(error);
      if (problem.status === 500) request.log.error({ err: error }, 'request failed');
      await sendProblem(request, reply, problem);
    });
  },
  { name: 'problem-details' },
);
