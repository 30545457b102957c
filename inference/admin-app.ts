/** Serves /metrics on a separate port, for networks where callers may not read it. */
import Fastify, { type FastifyInstance } from 'fastify';
import {
  FRAMEWORK_ERRORS,
  frameworkErrorsPlugin,
  NO_HOST_CHECK,
} from '../adapters/fastify/framework-errors.ts';
import { routeAccessPlugin } from '../adapters/fastify/route-access.ts';
import { requestLogPlugin } from '../adapters/fastify/request-log.ts';
import problemDetailsPlugin from './plugins/problem-details.ts';
import securityHeadersPlugin from './plugins/security-headers.ts';
import metricsRoute from './routes/metrics.ts';

export async function buildAdminApp(metricsText: () => Promise<string>): Promise<FastifyInstance> {
  const app = Fastify({ http: NO_HOST_CHECK, ...FRAMEWORK_ERRORS });
  await app.register(problemDetailsPlugin);
  await app.register(requestLogPlugin);
  await app.register(securityHeadersPlugin);
  await app.register(frameworkErrorsPlugin);
  await app.register(routeAccessPlugin);
  await app.register(metricsRoute, { metricsText });
  return app;
}
