/** For an address that there is not, or not by this method. */
import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify';
import { HttpProblem } from './problem.ts';
import { pathOf, shownPathOf } from './send-problem.ts';

const METHODS = ['GET', 'POST', 'DELETE'] as const satisfies readonly HTTPMethods[];

/** @param list where callers find what there is. */
export function noRoute(app: FastifyInstance, request: FastifyRequest, list: string): HttpProblem {
  const path = shownPathOf(request);
  const allow = METHODS.filter((method) => isRoute(app, method, pathOf(request)));
  if (allow.length === 0)
    return new HttpProblem(404, 'not-found', `There is nothing at ${path}; ${list} lists what there is.`);
  const detail = `${path} answers to ${allow.join(', ')} only.`;
  return new HttpProblem(405, 'method-not-allowed', detail, { allow });
}

/** A route for whatever is left over says nothing of this path. What the router answers to a path that it cannot read has no query. */
function isRoute(app: FastifyInstance, method: HTTPMethods, url: string): boolean {
  const found = app.findRoute({ method, url }) as ReturnType<FastifyInstance['findRoute']> | null;
  return found?.searchParams !== undefined && !('*' in found.params);
}
