/** Serves GET /, which leads to the documentation. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/', { config: { access: 'read' }, schema: { hide: true } }, async (_request, reply) =>
    reply.redirect('/docs'),
  );
};

export default routes;
