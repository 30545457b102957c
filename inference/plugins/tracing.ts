/**
 * Records one span per request and sends it to an OpenTelemetry collector by OTLP over HTTP. The caller's `traceparent` is its
 * parent. The exporter also reads OTEL_EXPORTER_OTLP_HEADERS and ..._TIMEOUT from the environment. The packages are loaded only
 * here, so that a service without a collector does not pay for them.
 */
import type { Span } from '@opentelemetry/api';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { ServiceOptions } from '../options.ts';
import { Upstream } from '../upstream.ts';

/** Limits the number of waiting spans. More are dropped, so that a slow collector costs neither time nor memory. */
const QUEUE_SPANS = 8_192;
const EXPORT_MS = 1_000;
/** Sets the timeout of the last export, so that an unavailable collector does not delay the shutdown. */
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
          else collector.failed(result.error ?? new Error('the collector rejected the spans'));
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
      // 'close' fires for every response, even if the caller disconnected.
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
