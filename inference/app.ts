/** The prediction service, composed of its plugins and routes. Listens to nothing by itself: `server.ts` does, tests inject. */
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { drainingPlugin } from './plugins/draining.ts';
import { metricsPlugin } from './plugins/metrics.ts';
import { modelPlugin, type ModelPluginOptions } from './plugins/model.ts';
import { openapiPlugin } from './plugins/openapi.ts';
import { DEFAULT_LIMITS, overloadPlugin, type OverloadLimits } from './plugins/overload.ts';
import { predictionLogPlugin, type PredictionLogOptions } from './plugins/prediction-log.ts';
import { problemDetailsPlugin } from './plugins/problem-details.ts';
import { requestIdOf, requestLogPlugin } from './plugins/request-log.ts';
import { securityHeadersPlugin } from './plugins/security-headers.ts';
import { healthRoutes } from './routes/health.ts';
import { modelRoutes } from './routes/models.ts';
import { predictRoutes } from './routes/predict.ts';
import { validatorCompiler } from './validation.ts';

export interface InferenceOptions {
  readonly model: ModelPluginOptions;
  readonly writePredictions?: PredictionLogOptions['write'];
  readonly limits?: OverloadLimits;
  readonly logger?: FastifyBaseLogger;
}

/** 10,000 rows of 12 features with all digits are about 4 MB. */
const BODY_LIMIT = 8 * 1024 * 1024;
/** Milliseconds for a caller to send its whole request. */
const REQUEST_TIMEOUT = 15_000;

export async function buildApp(options: InferenceOptions): Promise<FastifyInstance> {
  const app = Fastify({
    ...(options.logger ? { loggerInstance: options.logger } : {}),
    genReqId: requestIdOf,
    // plugins/request-log.ts writes its own line.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT,
    // While draining, what still comes in on an open connection is answered, not refused.
    return503OnClosing: false,
  });
  app.setValidatorCompiler(validatorCompiler);

  await app.register(problemDetailsPlugin);
  await app.register(metricsPlugin);
  await app.register(requestLogPlugin);
  await app.register(securityHeadersPlugin);
  await app.register(drainingPlugin);
  await app.register(overloadPlugin, { limits: options.limits ?? DEFAULT_LIMITS });
  await app.register(openapiPlugin);
  await app.register(predictionLogPlugin, { write: options.writePredictions });
  await app.register(modelPlugin, options.model);

  await app.register(predictRoutes);
  await app.register(modelRoutes);
  await app.register(healthRoutes, { model: options.model.model });
  return app;
}
