/** Tests spans of requests, as a collector receives them by OTLP over HTTP. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { predictTrip, startServing, TRIP } from './test-service.ts';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string };
}

interface ReceivedSpan {
  readonly traceId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code?: number };
  readonly attributes: readonly Attribute[];
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly ReceivedSpan[] }[];
  }[];
}

async function collector() {
  const spans: (ReceivedSpan & { readonly service: unknown })[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      expect(request.url).toBe('/v1/traces');
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as Export;
      for (const { resource, scopeSpans } of resourceSpans) {
        const service = valueOf(resource.attributes, 'service.name');
        spans.push(...scopeSpans.flatMap((scope) => scope.spans).map((span) => ({ ...span, service })));
      }
      response.setHeader('content-type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { spans, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const valueOf = (attributes: readonly Attribute[], key: string): unknown => {
  const { stringValue, intValue } = attributes.find((one) => one.key === key)?.value ?? {};
  return stringValue ?? (intValue === undefined ? undefined : Number(intValue));
};

it("exports one span per request with its route, status and the caller's trace", async () => {
  const { spans, endpoint } = await collector();
  const { app } = await startServing({ overrides: { tracing: { endpoint, serviceName: 'a-service' } } });
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  await app.inject({
    method: 'POST',
    url: '/predict_trip?interval=0.9',
    headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    payload: { input_data: [TRIP] },
  });
  await predictTrip(app, [{ ...TRIP, TMAX: 1_000 }]);
  await app.inject('/readyz');
  await app.close();

  const told = spans.map(({ service, name, kind, parentSpanId, attributes }) => ({
    ...{ service, name, kind, parentSpanId },
    route: valueOf(attributes, 'http.route'),
    status: valueOf(attributes, 'http.response.status_code'),
  }));
  // Kind 2 is a server span. The probe has no span.
  const span = { service: 'a-service', name: 'POST /predict_trip', kind: 2, route: '/predict_trip' };
  expect(told).toEqual([
    { ...span, parentSpanId: 'b7ad6b7169203331', status: 200 },
    { ...span, parentSpanId: undefined, status: 422 },
  ]);
  expect(spans[0]!.traceId).toBe(traceId);
  expect(spans[1]!.traceId).not.toBe(traceId);
});

it('does not export spans that the caller did not sample', async () => {
  const { spans, endpoint } = await collector();
  const { app } = await startServing({ overrides: { tracing: { endpoint, serviceName: 'a-service' } } });
  await app.inject({
    method: 'GET',
    url: '/v1/models',
    headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00' },
  });
  await app.close();
  expect(spans).toEqual([]);
});

it('answers as before when the collector is unavailable', async () => {
  const { app } = await startServing({
    overrides: { tracing: { endpoint: 'http://127.0.0.1:1', serviceName: 'a-service' } },
  });
  expect((await predictTrip(app, [TRIP])).statusCode).toBe(200);
  await app.close();
});
