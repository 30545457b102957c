/** The prediction service, composed of its plugins and routes. Listens to nothing by itself: `server.ts` does, tests inject. */
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { addressLimitPlugin } from './plugins/address-limit.ts';
import { apiKeysPlugin, type ApiKeysOptions } from './plugins/api-keys.ts';
import { deadlinePlugin } from './plugins/deadline.ts';
import { drainingPlugin } from './plugins/draining.ts';
import { metricsPlugin } from './plugins/metrics.ts';
import { modelPlugin, type ModelPluginOptions } from './plugins/model.ts';
import { openapiPlugin } from './plugins/openapi.ts';
import { DEFAULT_LIMITS, overloadPlugin, type OverloadLimits } from './plugins/overload.ts';
import { predictionLogPlugin, type PredictionLogOptions } from './plugins/prediction-log.ts';
import { problemDetailsPlugin } from './plugins/problem-details.ts';
import { boundConnections, CONNECTION_OPTIONS } from '../adapters/fastify/connections.ts';
import { jsonBodyPlugin } from '../adapters/fastify/json-body.ts';
import { FRAMEWORK_ERRORS, frameworkErrorsPlugin } from '../adapters/fastify/framework-errors.ts';
import { routeAccessPlugin } from '../adapters/fastify/route-access.ts';
import { requestIdOf, requestLogPlugin } from '../adapters/fastify/request-log.ts';
import { securityHeadersPlugin } from './plugins/security-headers.ts';
import { healthRoutes } from './routes/health.ts';
import { metricsRoute } from './routes/metrics.ts';
import { modelRoutes } from './routes/models.ts';
import { predictRoutes } from './routes/predict.ts';
import { tracingPlugin, type TracingOptions } from './plugins/tracing.ts';
import { BODY_LIMITS, MAX_BODY_BYTES, ROWS_FIELD } from './schemas/body-limits.ts';
import type { UnknownFields } from './schemas/predict.ts';
import { validatorCompiler } from './validation.ts';

export interface InferenceOptions {
  readonly model: ModelPluginOptions;
  readonly writePredictions?: PredictionLogOptions['write'];
  readonly forgetPredictions?: PredictionLogOptions['forget'];
  readonly limits?: OverloadLimits;
  /** Fields of a row that are not known; refused unless said otherwise. */
  readonly unknownFields?: UnknownFields;
  /** Milliseconds until a request that waits is given up. */
  readonly deadlineMs?: number;
  /** Left out: whoever can reach the service may ask it. */
  readonly apiKeys?: ApiKeysOptions['known'];
  /** Maximum requests per second and address, where no keys are needed; undefined: unlimited. */
  readonly requestsPerSecond?: number | undefined;
  /** Addresses and networks of proxies whose X-Forwarded-For is trusted; undefined: none. */
  readonly trustedProxies?: readonly string[];
  /** Processes that share the port, this one included. */
  readonly processes?: number;
  /** Maximum number of open connections; undefined: unlimited. */
  readonly maxConnections?: number;
  /** What /metrics answers; left out: this process's own. False: nothing, another port does. */
  readonly metricsText?: (() => Promise<string>) | false | undefined;
  /** Left out: no spans. */
  readonly tracing?: TracingOptions;
  readonly logger?: FastifyBaseLogger;
}

const DEADLINE_MS = 10_000;
/** Limits large bodies to 64 MB, ten of the largest. A queue of five large requests takes a few seconds. */
const LARGE_BODIES = { bytes: 64 * 1024 * 1024, waiting: 4 };

export async function buildApp(options: InferenceOptions): Promise<FastifyInstance> {
  const app = Fastify({
    ...(options.logger ? { loggerInstance: options.logger } : {}),
    genReqId: requestIdOf,
    // The request log writes its own line.
    logController: new LogController({ disableRequestLogging: true }),
    ...CONNECTION_OPTIONS,
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: options.trustedProxies?.length ? [...options.trustedProxies] : false,
    ...FRAMEWORK_ERRORS,
  });
  if (options.maxConnections !== undefined) boundConnections(app, options.maxConnections);
  app.setValidatorCompiler(validatorCompiler);

  await app.register(problemDetailsPlugin);
  if (options.tracing) await app.register(tracingPlugin, options.tracing);
  await app.register(metricsPlugin);
  await app.register(requestLogPlugin);
  await app.register(securityHeadersPlugin);
  await app.register(frameworkErrorsPlugin);
  await app.register(drainingPlugin);
  await app.register(routeAccessPlugin);
  const share = 1 / (options.processes ?? 1);
  const { apiKeys, requestsPerSecond } = options;
  if (apiKeys) await app.register(apiKeysPlugin, { known: apiKeys, share });
  else if (requestsPerSecond) await app.register(addressLimitPlugin, { requestsPerSecond, share });
  await app.register(deadlinePlugin, { deadlineMs: options.deadlineMs ?? DEADLINE_MS });
  await app.register(overloadPlugin, { limits: options.limits ?? DEFAULT_LIMITS });
  await app.register(jsonBodyPlugin, { limits: BODY_LIMITS, large: LARGE_BODIES, rowsField: ROWS_FIELD });
  await app.register(openapiPlugin, { needsKey: apiKeys !== undefined });
  await app.register(predictionLogPlugin, {
    write: options.writePredictions,
    forget: options.forgetPredictions,
  });
  await app.register(modelPlugin, options.model);

  await app.register(predictRoutes, { unknownFields: options.unknownFields ?? 'refuse' });
  await app.register(modelRoutes);
  await app.register(healthRoutes, { model: options.model.model });
  if (options.metricsText !== false) {
    await app.register(metricsRoute, {
      text: options.metricsText ?? (() => app.metrics.registry.metrics()),
    });
  }
  return app;
}
