/** The console, composed of its plugins and routes. Listens to nothing by itself: `server.ts` does, tests inject. */
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { accessPlugin } from './plugins/access.ts';
import { openapiPlugin } from './plugins/openapi.ts';
import { problemDetailsPlugin } from './plugins/problem-details.ts';
import { boundConnections, CONNECTION_OPTIONS } from '../../adapters/fastify/connections.ts';
import { jsonBodyPlugin } from '../../adapters/fastify/json-body.ts';
import { FRAMEWORK_ERRORS, frameworkErrorsPlugin } from '../../adapters/fastify/framework-errors.ts';
import { routeAccessPlugin } from '../../adapters/fastify/route-access.ts';
import { requestIdOf, requestLogPlugin } from '../../adapters/fastify/request-log.ts';
import { securityHeadersPlugin } from './plugins/security-headers.ts';
import { webPlugin } from './plugins/web.ts';
import { dataRoutes } from './routes/data.ts';
import { eventRoutes } from './routes/events.ts';
import { experimentRoutes } from './routes/experiments.ts';
import { modelRoutes } from './routes/models.ts';
import { operationRoutes, type StatusFacts } from './routes/operations.ts';
import { overviewRoutes } from './routes/overview.ts';
import { predictRoutes } from './routes/predict.ts';
import { runRoutes } from './routes/runs.ts';
import { sessionRoutes } from './routes/session.ts';
import type { Sources } from './sources.ts';
import { validatorCompiler } from './validation.ts';

export interface ConsoleOptions {
  readonly sources: Sources;
  readonly facts: StatusFacts;
  /** Folder of the built pages. */
  readonly web: string;
  /**
   * Addresses and networks of proxies whose X-Forwarded-For and X-Forwarded-Proto headers are trusted.
   * Default: none.
   */
  readonly trustedProxies?: readonly string[];
  /** Maximum number of open connections. Default: no limit. */
  readonly maxConnections?: number;
  readonly logger?: FastifyBaseLogger;
}

/** Inputs of workflows are a few kB. */
const BODY_LIMIT = 256 * 1024;
/**
 * Bounds of request bodies. Workflow inputs have a few hundred values; a reason has at most 2,000 characters
 * of up to six bytes each.
 */
const BODY_LIMITS = { depth: 8, rows: 1_000, values: 1_000, textBytes: 12_288 };
const LARGE_BODIES = { bytes: 16 * 1024 * 1024, waiting: 16 };
/** Workflow ids and s3 addresses come in paths. */
const MAX_PARAM_LENGTH = 1_500;

export async function buildConsole({
  sources,
  facts,
  web,
  trustedProxies = [],
  maxConnections,
  logger,
}: ConsoleOptions): Promise<FastifyInstance> {
  const app = Fastify({
    ...(logger ? { loggerInstance: logger } : {}),
    genReqId: requestIdOf,
    // The request log writes its own line.
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
  // Answers hold whatever workflows return: JSON as it is, nothing left out for want of a schema.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.decorate('sources', sources);

  await app.register(problemDetailsPlugin);
  // Only JSON is accepted: a form of another site can send plain text without a CORS preflight.
  await app.register(jsonBodyPlugin, { limits: BODY_LIMITS, large: LARGE_BODIES });
  await app.register(requestLogPlugin);
  await app.register(securityHeadersPlugin);
  await app.register(frameworkErrorsPlugin);
  await app.register(routeAccessPlugin);
  await app.register(accessPlugin, { readNeedsToken: facts.readNeedsToken });
  await app.register(openapiPlugin);

  app.get('/livez', { schema: { hide: true }, config: { probe: true, access: 'public' } }, () => ({
    status: 'alive',
  }));
  await app.register(sessionRoutes, { readNeedsToken: facts.readNeedsToken });
  await app.register(overviewRoutes, { model: facts.modelName });
  await app.register(runRoutes);
  await app.register(dataRoutes);
  await app.register(modelRoutes);
  await app.register(experimentRoutes);
  await app.register(predictRoutes);
  await app.register(operationRoutes, { facts });
  await app.register(eventRoutes);
  await app.register(webPlugin, { folder: web, readNeedsToken: facts.readNeedsToken });
  return app;
}
