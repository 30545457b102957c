/**
 * A span a request, sent to an OpenTelemetry collector by OTLP over HTTP; the caller's `traceparent` is its parent. What the exporter itself
 * reads from the environment (OTEL_EXPORTER_OTLP_HEADERS, ..._TIMEOUT) holds too. The packages are loaded here, so that who has no
 * collector pays nothing.
 */
import type { Span } from '@opentelemetry/api';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { ServiceOptions } from '../options.ts';
import { Upstream } from '../upstream.ts';

/** Spans that wait at most; more are dropped, so that a slow collector costs neither time nor memory. */
const QUEUE_SPANS = 8_192;
const EXPORT_MS = 1_000;
/** For what is left at the end: a collector that is away must not hold up the shutdown. */
const LAST_EXPORT_MS = 2_000;

export default fp<ServiceOptions>(
  async (app: FastifyInstance, { tracing }) => {
    if (!tracing) return;
    const { endpoint, serviceName } = tracing;
    const [otel, { W3CTraceContextPropagator, ExportResultCode }, { resourceFromAttributes }, sdk, otlp] =
      await Promise.all([
        import('@opentelemetry/api'),
        import('@opentelemetry/core'),
        import('@opentelemetry/resources'),
        import('@opentelemetry/sdk-trace'),
        import('@opentelemetry/exporter-trace-otlp-http'),
      ]);
    const collector = new Upstream('otlp-collector', app.log);
    const http = new otlp.OTLPTraceExporter({ url: `${endpoint}/v1/traces` });
    const exporter: SpanExporter = {
      export: (spans, done) =>
        http.export(spans, (result) => {
          if (result.code === ExportResultCode.SUCCESS) collector.succeeded();
          else collector.failed(result.error ?? new Error('the collector refused the spans'));
          done(result);
        }),
      shutdown: () => http.shutdown(),
    };
    const provider = new sdk.TracerProvider({
      resource: resourceFromAttributes({ 'service.name': serviceName }),
      spanProcessors: [
        new sdk.BatchSpanProcessor({
          exporter,
          maxQueueSize: QUEUE_SPANS,
          scheduledDelayMillis: EXPORT_MS,
        }),
      ],
    });
    const tracer = provider.getTracer('citibike-inference');
    const propagator = new W3CTraceContextPropagator();

    app.addHook('onRequest', (request, reply, done) => {
      const { url: route, config } = request.routeOptions;
      if (config.probe) return done();
      const parent = propagator.extract(otel.ROOT_CONTEXT, request.headers, otel.defaultTextMapGetter);
      const span: Span = tracer.startSpan(
        route === undefined ? request.method : `${request.method} ${route}`,
        {
          kind: otel.SpanKind.SERVER,
          attributes: {
            'http.request.method': request.method,
            'citibike.request_id': request.id,
            ...(route === undefined ? {} : { 'http.route': route }),
          },
        },
        parent,
      );
      // 'close' comes for every response, also for one whose caller left.
      reply.raw.once('close', () => {
        span.setAttribute('http.response.status_code', reply.statusCode);
        if (reply.statusCode >= 500) span.setStatus({ code: otel.SpanStatusCode.ERROR });
        span.end();
      });
      done();
    });
    app.addHook('onClose', () =>
      collector
        .ask(() => provider.shutdown(), LAST_EXPORT_MS)
        .catch((error: unknown) => app.log.warn({ err: error }, 'the last spans could not be exported')),
    );
  },
  { name: 'tracing' },
);
