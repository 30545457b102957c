/** Collects Prometheus metrics of the service and its process for /metrics. */
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { AggregatorRegistry, collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Holds the bounds in seconds. One row takes well under a millisecond, 10,000 rows about one second. */
const DURATION_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

function serviceMetrics(registry: Registry) {
  const registers = [registry];
  return {
    registry,
    requests: new Counter({
      name: 'http_requests_total',
      help: 'Requests answered.',
      labelNames: ['method', 'route', 'status'] as const,
      registers,
    }),
    duration: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the first byte of a request to the last byte of its answer.',
      labelNames: ['route'] as const,
      buckets: DURATION_BUCKETS,
      registers,
    }),
    inFlight: new Gauge({
      name: 'http_requests_in_flight',
      help: 'Requests in progress.',
      registers,
    }),
    predictions: new Counter({
      name: 'predictions_total',
      help: 'Rows predicted.',
      labelNames: ['model', 'version'] as const,
      registers,
    }),
    predictionRequests: new Counter({
      name: 'prediction_requests_total',
      help: 'Requests answered with predictions, by the version that answered.',
      labelNames: ['model', 'version'] as const,
      registers,
    }),
    modelShare: new Gauge({
      name: 'model_traffic_share',
      help: 'Share of requests that a version should answer, 0 to 1; role: served, canary or shadow.',
      labelNames: ['model', 'version', 'role'] as const,
      aggregator: 'average',
      registers,
    }),
    model: new Gauge({
      name: 'model_info',
      help: 'Number of processes that serve the version; more than 1 only in a cluster.',
      labelNames: ['model', 'version', 'source', 'feature_set', 'synthetic'] as const,
      registers,
    }),
    modelGeneration: new Gauge({
      name: 'model_generation',
      help: 'Generation of the served version; in a cluster, the newest.',
      aggregator: 'max',
      registers,
    }),
    modelSwaps: new Counter({
      name: 'model_swaps_total',
      help: 'Number of times that a version began to serve.',
      registers,
    }),
    modelLoadFailures: new Counter({
      name: 'model_load_failures_total',
      help: 'Number of loads that failed.',
      registers,
    }),
    logWritten: new Counter({
      name: 'prediction_log_written_total',
      help: 'Number of rows written to the prediction log.',
      registers,
    }),
    logDropped: new Counter({
      name: 'prediction_log_dropped_total',
      help: 'Number of rows that did not reach the prediction log.',
      registers,
    }),
  };
}

declare module 'fastify' {
  interface FastifyInstance {
    metrics: ReturnType<typeof serviceMetrics>;
  }
}

/** Is the route label of unknown addresses, so that they share one series. */
const UNKNOWN_ROUTE = '(unknown)';

export default fp(
  (app: FastifyInstance) => {
    const registry = new Registry();
    const metrics = serviceMetrics(registry);
    collectDefaultMetrics({ register: registry });
    // The primary of a cluster gathers this registry.
    AggregatorRegistry.setRegistries(registry);
    app.decorate('metrics', metrics);

    app.addHook('onRequest', (_request, reply, done) => {
      metrics.inFlight.inc();
      // 'close' fires for every response, even if the caller disconnected; onResponse does not.
      reply.raw.once('close', () => metrics.inFlight.dec());
      done();
    });
    app.addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? UNKNOWN_ROUTE;
      metrics.requests.inc({ method: request.method, route, status: reply.statusCode });
      metrics.duration.observe({ route }, reply.elapsedTime / 1000);
      done();
    });
    app.addHook('onClose', () => registry.clear());
  },
  { name: 'metrics' },
);
