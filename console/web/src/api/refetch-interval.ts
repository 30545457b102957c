import { ApiProblem } from './problem.ts';

/** A server that missed one call usually answers the next, so the page asks again soon. */
const AFTER_OUTAGE_MS = 3_000;

interface Answer {
  readonly upstreams?: Readonly<Record<string, { readonly state: 'up' | 'down' } | undefined>>;
}

interface AskedQuery {
  readonly state: { readonly data: unknown; readonly error: Error | null };
}

/**
 * Returns the time after which a page asks again: `ms` milliseconds, or sooner if a server did not answer.
 * @param ms false if the answer does not change.
 */
export function refetchAfter(ms: number | false) {
  return ({ state: { data, error } }: AskedQuery): number | false =>
    mayPass(error) || answersOf(data).some(lacksServer) ? AFTER_OUTAGE_MS : ms;
}

/** Checks whether the request may succeed the next time; the console would reject a wrong one again. */
export function mayPass(error: Error | null): boolean {
  return error instanceof ApiProblem && (error.status === 0 || error.status >= 500);
}

/** Returns the answer of a query, or the answers of its pages. */
function answersOf(data: unknown): readonly Answer[] {
  if (typeof data !== 'object' || data === null) return [];
  return 'pages' in data && Array.isArray(data.pages) ? (data.pages as Answer[]) : [data];
}

function lacksServer({ upstreams = {} }: Answer): boolean {
  return Object.values(upstreams).some((upstream) => upstream?.state === 'down');
}
