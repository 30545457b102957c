/** /metrics on a port of its own, for networks where callers may not read it. */
import Fastify, { type FastifyInstance } from 'fastify';
import { problemDetailsPlugin } from './plugins/problem-details.ts';
import { metricsRoute } from './routes/metrics.ts';

export async function buildAdminApp(metricsText: () => Promise<string>): Promise<FastifyInstance> {
  const app = Fastify();
  await app.register(problemDetailsPlugin);
  await app.register(metricsRoute, { text: metricsText });
  return app;
}
