import { describe, expect, it } from 'vitest';
import { predictTrip, startServing, startService, TRIP, type Problem } from './test-service.ts';

describe('wrong rows', () => {
  it('are answered with 422 problem details that name row and field', async () => {
    const { app } = await startServing();
    const response = await predictTrip(app, [TRIP, { ...TRIP, TMIN: 500 }]);
    expect(response.statusCode).toBe(422);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toEqual({
      type: 'urn:citibike:problem:invalid-input',
      title: 'Unprocessable Entity',
      status: 422,
      detail: 'row 1, TMIN: expected a temperature from -60 to 140 °F',
      instance: '/predict_trip',
      request_id: response.headers['x-request-id'],
      errors: [{ row: 1, field: 'TMIN', message: 'expected a temperature from -60 to 140 °F', got: 500 }],
    });
  });

  it.each([
    ['a missing column', { date: TRIP.date, TMAX: 40, TMIN: 30 }, 'SNOW'],
    ['a number in quotes', { ...TRIP, TMAX: '40' }, 'TMAX'],
    ['an unknown column', { ...TRIP, TAVG: 35 }, 'TAVG'],
    ['negative snow', { ...TRIP, SNOW: -1 }, 'SNOW'],
    ['a holiday that is neither 0 nor 1', { ...TRIP, holiday: 2 }, 'holiday'],
    ['rain beyond the records', { ...TRIP, PRCP: 61 }, 'PRCP'],
    ['a lowest temperature above the highest', { ...TRIP, TMAX: 29 }, 'TMIN'],
    ['a date with an offset', { ...TRIP, date: '2025-01-15T08:00:00-05:00' }, 'date'],
    ['a date with a zone', { ...TRIP, date: '2025-01-15T08:00:00Z' }, 'date'],
    ['a day without a time', { ...TRIP, date: '2025-01-15' }, 'date'],
    ['30 February', { ...TRIP, date: '2025-02-30T08:00:00' }, 'date'],
    ['29 February of a common year', { ...TRIP, date: '2025-02-29T08:00:00' }, 'date'],
    ['hour 24', { ...TRIP, date: '2025-01-15T24:00:00' }, 'date'],
    ['minute 60', { ...TRIP, date: '2025-01-15T08:60' }, 'date'],
    ['the hour that the spring change leaves out', { ...TRIP, date: '2025-03-09T02:30:00' }, 'date'],
    ['a year before there was a system', { ...TRIP, date: '2012-01-15T08:00:00' }, 'date'],
  ])('rejects %s', async (_what, row, field) => {
    const { app } = await startServing();
    const response = await predictTrip(app, [row]);
    expect(response.statusCode).toBe(422);
    expect(response.json<Problem>().errors).toEqual([expect.objectContaining({ row: 0, field })]);
  });

  it('names every wrong row of a batch', async () => {
    const { app } = await startServing();
    const bad = { ...TRIP, date: '2025-03-09T02:00:00' };
    const { errors } = (await predictTrip(app, [bad, TRIP, bad])).json<Problem>();
    expect(errors.map(({ row }) => row)).toEqual([0, 2]);
  });

  it('lists at most 100 errors', async () => {
    const { app } = await startServing();
    const { errors } = (await predictTrip(app, Array(500).fill({ ...TRIP, TMAX: 'x' }))).json<Problem>();
    expect(errors.length).toBeLessThanOrEqual(100);
  });

  it('does not repeat a long value', async () => {
    const { app } = await startServing();
    const response = await predictTrip(app, [{ ...TRIP, TMAX: 'x'.repeat(10_000) }]);
    expect(response.body.length).toBeLessThan(1_000);
  });

  it.each([
    ['no rows', []],
    ['more than 10,000 rows', Array(10_001).fill(TRIP)],
  ])('rejects %s', async (_what, rows) => {
    const { app } = await startServing();
    expect((await predictTrip(app, rows)).json<Problem>().errors[0]).toMatchObject({
      row: null,
      field: 'input_data',
      message: 'expected a list of 1 to 10000 rows',
    });
  });

  it('rejects an interval that no model has', async () => {
    const { app } = await startServing();
    expect((await predictTrip(app, [TRIP], '?interval=0.5')).json<Problem>().errors[0]?.field).toBe(
      'interval',
    );
  });
});

describe('hours that exist', () => {
  it.each([
    '2025-03-09T01:59:59',
    '2025-03-09T03:00',
    '2024-02-29T00:00',
    '2025-11-02T01:30:00',
    '2025-01-15 08:00',
    '2025-01-15T08:00:00.250',
  ])('accepts %s', async (date) => {
    const { app } = await startServing();
    expect((await predictTrip(app, [{ ...TRIP, date }])).statusCode).toBe(200);
  });
});

describe('invalid requests', () => {
  const post = async (payload: string, contentType = 'application/json') =>
    (await startServing()).app.inject({
      method: 'POST',
      url: '/predict_trip',
      headers: { 'content-type': contentType },
      payload,
    });

  it.each([
    ['broken JSON', '{"input_data":', 'application/json', 400, 'malformed-json'],
    ['an empty body', '', 'application/json', 400, 'malformed-json'],
    ['another content type', 'a,b', 'text/csv', 415, 'unsupported-media-type'],
    [
      'a body over the limit',
      `{"input_data":"${'x'.repeat(9_000_000)}"}`,
      'application/json',
      413,
      'body-too-large',
    ],
  ])('%s', async (_what, payload, contentType, status, kind) => {
    const response = await post(payload, contentType);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toMatchObject({ status, type: `urn:citibike:problem:${kind}` });
    expect(response.statusCode).toBe(status);
  });

  it('an unknown address is 404', async () => {
    const { app } = await startServing();
    expect((await app.inject('/nothing?x=1')).json()).toMatchObject({ status: 404, instance: '/nothing' });
  });

  it('a method that a route does not have is 405 with Allow', async () => {
    const { app } = await startServing();
    const response = await app.inject('/predict');
    expect(response.statusCode).toBe(405);
    expect(response.headers.allow).toBe('POST');
  });
});

describe('faults of the service itself', () => {
  it('are masked', async () => {
    const { app } = await startServing();
    Object.defineProperty(app.models, 'served', {
      get: () => {
        throw new Error('secret of the house');
      },
    });
    const response = await predictTrip(app, [TRIP]);
    expect(response.statusCode).toBe(500);
    expect(response.json<Problem>().type).toBe('urn:citibike:problem:internal-error');
    expect(response.body).not.toContain('secret');
  });

  it('without a model, predictions are 503 with Retry-After', async () => {
    const { app } = await startService();
    const response = await predictTrip(app, [TRIP]);
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('2');
    expect(response.json<Problem>().type).toBe('urn:citibike:problem:not-ready');
  });
});

describe('request ids', () => {
  it('a valid one is kept', async () => {
    const { app } = await startServing();
    const response = await app.inject({ url: '/livez', headers: { 'x-request-id': 'a-1.b_2' } });
    expect(response.headers['x-request-id']).toBe('a-1.b_2');
  });

  it('another one is replaced', async () => {
    const { app } = await startServing();
    const response = await app.inject({ url: '/livez', headers: { 'x-request-id': 'x y"<' } });
    expect(response.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});
