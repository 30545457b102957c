/** Composes the prediction service from `plugins/` and `routes/`. It does not listen: `server.ts` does, and tests inject requests. */
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { boundConnections, CONNECTION_OPTIONS } from '../adapters/fastify/connections.ts';
import { FRAMEWORK_ERRORS } from '../adapters/fastify/framework-errors.ts';
import { loadFolders } from '../adapters/fastify/load-folders.ts';
import { requestIdOf } from '../adapters/fastify/request-log.ts';
import { routeAccessPlugin } from '../adapters/fastify/route-access.ts';
import type { InferenceOptions } from './options.ts';
import { MAX_BODY_BYTES } from './schemas/body-limits.ts';
import { validatorCompiler } from './validator-compiler.ts';

export async function buildApp({
  logger,
  trustedProxies = [],
  maxConnections,
  ...options
}: InferenceOptions): Promise<FastifyInstance> {
  const app = Fastify({
    ...(logger ? { loggerInstance: logger } : {}),
    genReqId: requestIdOf,
    // The request log plugin writes its own line.
    logController: new LogController({ disableRequestLogging: true }),
    ...CONNECTION_OPTIONS,
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    ...FRAMEWORK_ERRORS,
  });
  if (maxConnections !== undefined) boundConnections(app, maxConnections);
  app.setValidatorCompiler(validatorCompiler);
  // This plugin comes first, so that it sees every route.
  await app.register(routeAccessPlugin);
  await loadFolders(app, import.meta.dirname, options);
  return app;
}
