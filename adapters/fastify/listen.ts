/**
 * Listens on exactly one address. For `localhost`, Fastify creates a second server without the bounds of the
 * first.
 */
import type { FastifyInstance } from 'fastify';

export async function listen(app: FastifyInstance, host: string, port: number): Promise<void> {
  await app.listen({ host: host.toLowerCase() === 'localhost' ? '127.0.0.1' : host, port });
}
