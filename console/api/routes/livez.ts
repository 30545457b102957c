/** Serves GET /livez, which shows that the process answers. */
import type { FastifyInstance } from 'fastify';

export default async function routes(app: FastifyInstance): Promise<void> {
  app.get('/livez', { schema: { hide: true }, config: { probe: true, access: 'public' } }, () => ({
    status: 'alive',
  }));
}
