/** Composes the console from `plugins/` and `routes/`. It does not listen: `server.ts` does, and tests inject requests. */
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { boundConnections, CONNECTION_OPTIONS } from '../../adapters/fastify/connections.ts';
import { FRAMEWORK_ERRORS } from '../../adapters/fastify/framework-errors.ts';
import { loadFolders } from '../../adapters/fastify/load-folders.ts';
import { requestIdOf } from '../../adapters/fastify/request-log.ts';
import { routeAccessPlugin } from '../../adapters/fastify/route-access.ts';
import type { ServerOptions } from './options.ts';
import { validatorCompiler } from './validator-compiler.ts';

/** Workflow inputs have a few kB. */
const BODY_LIMIT = 256 * 1024;
/** Paths contain workflow ids and s3 addresses. */
const MAX_PARAM_LENGTH = 1_500;

export async function buildConsole({
  trustedProxies = [],
  maxConnections,
  logger,
  ...options
}: ServerOptions): Promise<FastifyInstance> {
  const app = Fastify({
    ...(logger ? { loggerInstance: logger } : {}),
    genReqId: requestIdOf,
    // The request log plugin writes its own line.
    logController: new LogController({ disableRequestLogging: true }),
    ...CONNECTION_OPTIONS,
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    forceCloseConnections: true,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    ...FRAMEWORK_ERRORS,
  });
  if (maxConnections !== undefined) boundConnections(app, maxConnections);
  app.setValidatorCompiler(validatorCompiler);
  // Answers contain results of workflows unchanged; a schema would drop unknown fields.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.decorate('sources', options.sources);
  // This plugin comes first, so that it sees every route.
  await app.register(routeAccessPlugin);
  await loadFolders(app, import.meta.dirname, options);
  return app;
}
