import { describe, expect, it } from 'vitest';
import {
  FEATURES,
  MODEL,
  MemoryUpstreams,
  predictTrip,
  startServing,
  TRIP,
  type Answer,
  type Problem,
} from './test-service.ts';

describe('POST /predict_trip', () => {
  it('answers one prediction per row, in order, with model and version', async () => {
    const { app } = await startServing();
    const response = await predictTrip(app, [TRIP, { ...TRIP, TMAX: 50 }]);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      predictions: [
        { model: MODEL, prediction: 401, version: '1', date: TRIP.date, imputed: [] },
        { model: MODEL, prediction: 501, version: '1', date: TRIP.date, imputed: [] },
      ],
    });
  });

  it('adds the bounds of the 90 % interval on request', async () => {
    const { app } = await startServing();
    const response = await predictTrip(app, [TRIP], '?interval=0.9');
    expect(response.json<Answer>().predictions[0]).toMatchObject({ prediction: 401, lower: 301, upper: 601 });
  });

  it('omits bounds if the model has no interval', async () => {
    const upstreams = new MemoryUpstreams();
    const { app } = await startServing({ upstreams });
    upstreams.versions.set('3', { base: 3, withInterval: false });
    upstreams.want('3');
    await expect.poll(() => app.models.served?.version).toBe('3');
    const [prediction] = (await predictTrip(app, [TRIP], '?interval=0.9')).json<Answer>().predictions;
    expect(Object.keys(prediction!)).toEqual(['model', 'prediction', 'version', 'imputed', 'date']);
  });

  it('echoes the begin of the hour, also in an answer that is sent in slices', async () => {
    const { app } = await startServing();
    const rows = Array.from({ length: 600 }, (_, i) => ({
      ...TRIP,
      date: i % 2 ? TRIP.date : '2025-01-15T09:59',
    }));
    const { predictions } = (await predictTrip(app, rows)).json<Answer>();
    expect(predictions.map(({ date }) => date)).toEqual(
      rows.map((_, i) => (i % 2 ? TRIP.date : '2025-01-15T09:00:00')),
    );
  });

  it('answers numbers in full precision', async () => {
    const { app } = await startServing();
    const [answer] = (await predictTrip(app, [{ ...TRIP, TMAX: 40.123456 }])).json<Answer>().predictions;
    const [computed] = app.models.served!.model.predict([
      { date: '2025-01-15', hour: 8, weather: { ...TRIP, TMAX: 40.123456 } },
    ]);
    expect(answer!.prediction).toBe(computed!.prediction);
    expect(Number.isInteger(answer!.prediction)).toBe(false);
  });

  it('labels the predictions of a model trained on synthetic data', async () => {
    const upstreams = new MemoryUpstreams();
    const { app } = await startServing({ upstreams });
    upstreams.versions.set('3', { base: 3, synthetic: true });
    upstreams.want('3');
    await expect.poll(() => app.models.served?.version).toBe('3');
    expect((await predictTrip(app, [TRIP])).json<Answer>().predictions[0]?.synthetic).toBe(true);
  });

  it('accepts the optional columns, also as null', async () => {
    const { app } = await startServing();
    const row = { ...TRIP, PRCP: 0.3, SNWD: null, AWND: 12, PRCP_yesterday: null, holiday: 1 };
    expect((await predictTrip(app, [row])).statusCode).toBe(200);
  });

  it('answers 10,000 rows', async () => {
    const { app } = await startServing();
    const response = await predictTrip(app, Array(10_000).fill(TRIP));
    expect(response.json<Answer>().predictions).toHaveLength(10_000);
  });

  it('logs inputs and answers with the predicted hour', async () => {
    const { app, logged } = await startServing();
    await app.inject({
      method: 'POST',
      url: '/predict_trip',
      headers: { 'x-request-id': 'order-66' },
      payload: { input_data: [{ ...TRIP, date: '2025-01-15T08:59' }] },
    });
    await app.predictionLog?.flush();
    expect(logged).toEqual([
      expect.objectContaining({
        requestId: 'order-66',
        rowIndex: 0,
        model: MODEL,
        version: '1',
        targetHourMs: Date.UTC(2025, 0, 15, 8),
        features: { ...TRIP, date: '2025-01-15T08:59' },
        prediction: 401,
      }),
    ]);
  });
});

describe('POST /predict', () => {
  const predict = async (row: object) =>
    (await startServing()).app.inject({ method: 'POST', url: '/predict', payload: { input_data: [row] } });

  it('assumes the nearest hour with the 12 features, and names it', async () => {
    const response = await predict(FEATURES);
    expect(response.json()).toEqual({
      predictions: [
        { model: MODEL, prediction: 401, version: '1', imputed: [], assumed_date: '2025-01-15T08:00:00' },
      ],
    });
  });

  it('rejects a pair that is not a point of its cycle', async () => {
    const response = await predict({ ...FEATURES, hr_sin: 0, hr_cos: 0 });
    expect(response.statusCode).toBe(422);
    expect(response.json<Problem>().errors[0]).toMatchObject({ row: 0, field: 'hr_sin', got: 0 });
  });

  it('rejects a sine beyond 1', async () => {
    const response = await predict({ ...FEATURES, week_sin: 1.2 });
    expect(response.json<Problem>().errors).toEqual([
      { row: 0, field: 'week_sin', message: 'expected a sine or cosine from -1 to 1', got: 1.2 },
    ]);
  });
});

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1 with every route', async () => {
    const { app } = await startServing();
    const { openapi, paths } = (await app.inject('/docs/json')).json<{ openapi: string; paths: object }>();
    expect(openapi).toBe('3.1.0');
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/predict', '/predict_trip', '/livez', '/readyz', '/healthz', '/v1/models']),
    );
  });
});
