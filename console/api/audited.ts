/** An action that is not on record is not taken: the entry is written first, its outcome after. */
import type { FastifyRequest } from 'fastify';
import { beginAction, closeAction } from '../../adapters/postgres/console-audit.ts';
import { messageOf } from '../../contracts/errors.ts';

export async function audited<T>(
  request: FastifyRequest,
  target: string,
  work: () => Promise<T>,
): Promise<T> {
  const { sources } = request.server;
  const id = await sources.upstreams.need('postgres', () =>
    beginAction(sources.database, {
      who: request.who,
      from: request.ip,
      action: `${request.method} ${request.routeOptions.url ?? ''}`,
      target,
      detail: request.body ?? {},
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

/** The action is done either way: a record that stays `begun` says that its end was not written. */
async function close(request: FastifyRequest, id: number, outcome: string): Promise<void> {
  try {
    await closeAction(request.server.sources.database, id, outcome);
  } catch (error) {
    request.log.warn({ failure: messageOf(error), id, outcome }, 'outcome of an action not recorded');
  }
}
