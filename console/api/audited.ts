/** Records an action before it runs, and its outcome afterwards. An action that cannot be recorded does not run. */
import type { FastifyRequest } from 'fastify';
import { beginAction, closeAction } from '../../adapters/postgres/console-audit.ts';
import { messageOf } from '../../contracts/errors.ts';
import { identityOf } from './plugins/access.ts';

/** Represents the subject of an action. */
interface Target {
  readonly target: string;
  /** Id of the run that the action starts. */
  readonly starts?: string;
}

export async function audited<T>(
  request: FastifyRequest,
  { target, starts }: Target,
  work: () => Promise<T>,
): Promise<T> {
  const { sources } = request.server;
  const identity = identityOf(request);
  const id = await sources.upstreams.need('postgres', () =>
    beginAction(sources.database, identity, {
      via: 'console',
      from: request.ip,
      action: actionOf(request),
      target,
      detail: request.body ?? {},
      workflowId: starts,
    }),
  );
  try {
    const result = await work();
    await close(request, id, 'ok');
    return result;
  } catch (error) {
    await close(request, id, messageOf(error));
    throw error;
  } finally {
    sources.runs.expire();
    sources.registry.expire();
  }
}

/** Returns the method and route of a request. */
export function actionOf({ method, routeOptions }: FastifyRequest): string {
  return `${method} ${routeOptions.url ?? ''}`;
}

/** Records the outcome. If that fails, the action is done all the same, and its record stays `begun`. */
async function close(request: FastifyRequest, id: number, outcome: string): Promise<void> {
  try {
    await closeAction(request.server.sources.database, id, outcome);
  } catch (error) {
    request.log.warn({ failure: messageOf(error), id, outcome }, 'outcome of an action not recorded');
  }
}
