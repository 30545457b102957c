/** Sends a problem as the answer to a request. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_CONTENT_TYPE, problemDetails, type HttpProblem } from './problem.ts';

const MOST_PATH_CHARS = 80;

/**
 * Returns the path without the query, which may hold private values. Do not use it for decisions: unlike the
 * router, it does not decode.
 */
export function pathOf(request: FastifyRequest): string {
  const query = request.url.indexOf('?');
  return query < 0 ? request.url : request.url.slice(0, query);
}

/** Returns the path as an answer repeats it, bounded in length. */
export function shownPathOf(request: FastifyRequest): string {
  const path = pathOf(request);
  return path.length > MOST_PATH_CHARS ? `${path.slice(0, MOST_PATH_CHARS)}…` : path;
}

export async function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: HttpProblem,
): Promise<void> {
  const { retryAfter, allow, authenticate, accept, acceptEncoding } = problem.facts;
  if (retryAfter !== undefined) void reply.header('retry-after', retryAfter);
  if (allow) void reply.header('allow', allow.join(', '));
  if (authenticate !== undefined) void reply.header('www-authenticate', authenticate);
  if (accept !== undefined) void reply.header('accept', accept);
  if (acceptEncoding !== undefined) void reply.header('accept-encoding', acceptEncoding);
  // A string bypasses the route's response schemas, which would drop fields of the problem.
  await reply
    .code(problem.status)
    .type(PROBLEM_CONTENT_TYPE)
    .send(JSON.stringify(problemDetails(problem, shownPathOf(request), request.id)));
}
