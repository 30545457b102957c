/** Answers requests for a path, or a method of a path, that has no route. */
import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify';
import { HttpProblem } from './problem.ts';
import { pathOf, shownPathOf } from './send-problem.ts';

const METHODS = ['GET', 'POST', 'DELETE'] as const satisfies readonly HTTPMethods[];

/** Returns the problem for a request without a route. @param list address that lists the routes. */
export function noRoute(app: FastifyInstance, request: FastifyRequest, list: string): HttpProblem {
  const path = shownPathOf(request);
  const allow = METHODS.filter((method) => isRoute(app, method, pathOf(request)));
  if (allow.length === 0)
    return new HttpProblem(404, 'not-found', `There is no route ${path}; ${list} lists the routes.`);
  const detail = `${path} accepts ${allow.join(', ')} only.`;
  return new HttpProblem(405, 'method-not-allowed', detail, { allow });
}

/**
 * Checks whether a route other than a catch-all has this path. For a path that the router cannot decode, its
 * result has no `searchParams`.
 */
function isRoute(app: FastifyInstance, method: HTTPMethods, url: string): boolean {
  const found = app.findRoute({ method, url }) as ReturnType<FastifyInstance['findRoute']> | null;
  return found?.searchParams !== undefined && !('*' in found.params);
}
