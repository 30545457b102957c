/** Listens on one address: for `localhost` Fastify makes a second server beside the first, which has none of the first one's bounds. */
import type { FastifyInstance } from 'fastify';

export async function listen(app: FastifyInstance, host: string, port: number): Promise<void> {
  await app.listen({ host: host.toLowerCase() === 'localhost' ? '127.0.0.1' : host, port });
}
