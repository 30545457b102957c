import { describe, expect, it, vi } from 'vitest';
import { CitibikeError } from '../../../contracts/errors.ts';
import { DEFAULT_LIMITS } from '../../../inference/plugins/overload.ts';
import {
  MODEL,
  predictTrip,
  served,
  startService,
  startServing,
  TRIP,
  type Problem,
} from './test-service.ts';

const metric = async (app: Awaited<ReturnType<typeof startService>>['app'], line: string) => {
  const { body } = await app.inject('/metrics');
  return body
    .split('\n')
    .find((text) => text.startsWith(`${line} `))
    ?.split(' ')
    .at(-1);
};

describe('/metrics', () => {
  it('counts requests by route and status', async () => {
    const { app } = await startServing();
    await predictTrip(app, [TRIP]);
    await predictTrip(app, [{}]);
    expect(await metric(app, 'http_requests_total{method="POST",route="/predict_trip",status="200"}')).toBe(
      '1',
    );
    expect(await metric(app, 'http_requests_total{method="POST",route="/predict_trip",status="422"}')).toBe(
      '1',
    );
  });

  it('has one series for all unknown addresses', async () => {
    const { app } = await startServing();
    await app.inject('/a');
    await app.inject('/b');
    expect(await metric(app, 'http_requests_total{method="GET",route="(unknown)",status="404"}')).toBe('2');
  });

  it('counts rows by version and names the served version', async () => {
    const service = await startServing();
    await predictTrip(service.app, [TRIP, TRIP]);
    service.upstreams.want('2');
    await served(service, '2');
    expect(await metric(service.app, `predictions_total{model="${MODEL}",version="1"}`)).toBe('2');
    const info = (version: string) =>
      `model_info{model="${MODEL}",version="${version}",source="registry",feature_set="seed",synthetic="false"}`;
    expect([await metric(service.app, info('1')), await metric(service.app, info('2'))]).toEqual([
      undefined,
      '1',
    ]);
    expect(await metric(service.app, 'model_swaps_total')).toBe('2');
  });

  it('counts only its own request as in flight when all others are answered', async () => {
    const { app } = await startServing();
    await Promise.all([predictTrip(app, [TRIP]), predictTrip(app, [{}]), app.inject('/nothing')]);
    expect(await metric(app, 'http_requests_in_flight')).toBe('1');
  });
});

describe('/v1/models', () => {
  it('is empty before a model is loaded', async () => {
    const { app } = await startService();
    expect((await app.inject('/v1/models')).json()).toEqual({ models: [] });
  });

  it('describes the serving version', async () => {
    const { app } = await startServing();
    expect((await app.inject(`/v1/models/${MODEL}`)).json()).toMatchObject({
      name: MODEL,
      version: '1',
      feature_set: 'seed',
      interval: 0.9,
      trained_on: { system: 'nyc', from: '2024-01', to: '2024-12', hours: 8783 },
      backend: 'wasm',
      golden: { input: { date: '2024-01-15', hour: 8, weather: { TMAX: 40 } }, prediction: 401 },
      synthetic: false,
    });
  });

  it('answers 404 for another name', async () => {
    const { app } = await startServing();
    expect((await app.inject('/v1/models/other')).statusCode).toBe(404);
  });
});

describe('overload', () => {
  const busy = { ...DEFAULT_LIMITS, eventLoopDelayMs: 20 };
  const block = async (ms: number) => {
    const until = performance.now() + ms;
    while (performance.now() < until);
    await new Promise((resolve) => setTimeout(resolve, 50));
  };

  it('of the event loop is 503 with Retry-After for predictions, and does not affect probes', async () => {
    const { app } = await startServing({ overrides: { limits: busy } });
    // The sampler runs every second, and may read the delay before the blocked loop has recorded it.
    const refused = await vi.waitFor(async () => {
      await block(1_200);
      const answer = await predictTrip(app, [TRIP]);
      expect(answer.statusCode).toBe(503);
      return answer;
    }, 10_000);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.json<Problem>().type).toBe('urn:citibike:problem:overloaded');
    expect((await app.inject('/livez')).statusCode).toBe(200);
  });

  it('of rows rejects the excess batch, and accepts a later one', async () => {
    const { app } = await startServing({ overrides: { limits: { ...DEFAULT_LIMITS, rowsInFlight: 1_000 } } });
    const rows = Array(800).fill(TRIP);
    const both = await Promise.all([predictTrip(app, rows), predictTrip(app, rows)]);
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 503]);
    expect((await predictTrip(app, rows)).statusCode).toBe(200);
  });
});

describe('headers', () => {
  it('make browsers strict and keep other sites out', async () => {
    const { app } = await startServing();
    const { headers } = await app.inject({ url: '/livez', headers: { origin: 'https://example.org' } });
    expect(headers['content-security-policy']).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('let the documentation page load its own scripts', async () => {
    const { app } = await startServing();
    const page = await app.inject('/docs');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
  });
});

describe('prediction log', () => {
  it('that cannot be written fails no request, and counts dropped rows', async () => {
    const { app } = await startServing({
      overrides: {
        writePredictions: async () => {
          throw new CitibikeError('UPSTREAM_REFUSED', 'no such table');
        },
      },
    });
    expect((await predictTrip(app, [TRIP, TRIP])).statusCode).toBe(200);
    await app.predictionLog?.flush();
    expect(await metric(app, 'prediction_log_dropped_total')).toBe('2');
  });

  it('is flushed at shutdown', async () => {
    const { app, logged } = await startServing();
    await predictTrip(app, [TRIP]);
    await app.close();
    expect(logged).toHaveLength(1);
  });

  it('can be switched off', async () => {
    const { app } = await startServing({ overrides: { writePredictions: undefined } });
    expect((await predictTrip(app, [TRIP])).statusCode).toBe(200);
    expect(app.predictionLog).toBeUndefined();
  });
});

it('the root leads to the documentation', async () => {
  const { app } = await startServing();
  const { statusCode, headers } = await app.inject('/');
  expect([statusCode, headers.location]).toEqual([302, '/docs']);
  const { paths } = (await app.inject('/docs/json')).json<{ paths: object }>();
  expect(Object.keys(paths)).not.toContain('/');
});
