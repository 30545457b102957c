/** Serves GET /metrics of this process, or of all processes that share the port. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Registry } from 'prom-client';
import { Type } from 'typebox';
import type { ServiceOptions } from '../options.ts';

const routes: FastifyPluginAsyncTypebox<Pick<ServiceOptions, 'metricsText'>> = async (
  app,
  { metricsText },
) => {
  if (metricsText === false) return;
  const text = metricsText ?? (() => app.metrics.registry.metrics());
  app.get(
    '/metrics',
    {
      config: { probe: true, access: 'public' },
      schema: {
        tags: ['operations'],
        summary: 'Prometheus metrics',
        response: {
          200: {
            description: 'Prometheus text format',
            content: { 'text/plain': { schema: Type.String() } },
          },
        },
      },
    },
    async (_request, reply) => reply.type(Registry.PROMETHEUS_CONTENT_TYPE).send(await text()),
  );
};

export default routes;
