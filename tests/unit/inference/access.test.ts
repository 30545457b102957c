/** Tests the service's settings for keys, limits, deadlines and unknown fields. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseApiKeys } from '../../../adapters/api-keys/api-key-file.ts';
import { PredictionSource } from '../../../console/api/upstreams/prediction.ts';
import { TokenBucket } from '../../../inference/token-bucket.ts';
import { MODEL, predictTrip, startServing, TRIP, type Answer, type Problem } from './test-service.ts';

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');
const KEYS = parseApiKeys(
  `# people\nanna:${hashOf('open sesame')}\n\nbob:${hashOf('swordfish')}:2\n`,
  'keys',
);

const withKeys = () => startServing({ overrides: { apiKeys: { keys: KEYS } } });
const ask = (app: Awaited<ReturnType<typeof withKeys>>['app'], headers: Record<string, string>) =>
  app.inject({ method: 'POST', url: '/predict_trip', headers, payload: { input_data: [TRIP] } });

describe('API keys', () => {
  it('are accepted in either header', async () => {
    const { app } = await withKeys();
    expect((await ask(app, { 'x-api-key': 'open sesame' })).statusCode).toBe(200);
    expect((await ask(app, { authorization: 'Bearer swordfish' })).statusCode).toBe(200);
  });

  it.each<Record<string, string>>([{}, { 'x-api-key': 'guess' }, { authorization: 'Basic swordfish' }])(
    'reject %j with 401 and name the header',
    async (headers) => {
      const { app } = await withKeys();
      const response = await ask(app, headers);
      expect(response.statusCode).toBe(401);
      expect(response.headers['www-authenticate']).toBe('Bearer');
      expect(response.json<Problem>().type).toBe('urn:citibike:problem:unauthorized');
      // The test compares the received text, because the redaction must keep the advice.
      expect(response.json<Problem>().detail).toMatch(/X-API-Key, or as a bearer token; /);
    },
  );

  it('are sent by the console, whose shell command does not show its own', async () => {
    const { app } = await withKeys();
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    const { predictions, curl } = await new PredictionSource(address, 'swordfish').predict([TRIP]);
    expect(predictions).toHaveLength(1);
    expect(curl).toContain('-H "X-API-Key: $INFERENCE_API_KEY"');
    expect(curl).not.toContain('swordfish');
    await expect(new PredictionSource(address).predict([TRIP])).rejects.toMatchObject({
      details: { status: 401 },
    });
  });

  it('are checked before a body is read', async () => {
    const { app } = await withKeys();
    const response = await app.inject({ method: 'POST', url: '/predict_trip', payload: 'not JSON' });
    expect(response.statusCode).toBe(401);
  });

  it('are not required of probes', async () => {
    const { app } = await withKeys();
    const statuses = ['/livez', '/readyz', '/healthz'].map(async (url) => (await app.inject(url)).statusCode);
    expect(await Promise.all(statuses)).toEqual([200, 200, 200]);
  });

  it('limit the requests per second of each key separately', async () => {
    const { app } = await withKeys();
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await ask(app, { 'x-api-key': 'swordfish' })).statusCode);
    const refused = await ask(app, { 'x-api-key': 'swordfish' });
    expect([...statuses, refused.statusCode].filter((status) => status === 429).length).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBe(1);
    expect((await ask(app, { 'x-api-key': 'open sesame' })).statusCode).toBe(200);
  });

  it('name the wrong line of the file, without its content', () => {
    expect(() => parseApiKeys(`anna:${hashOf('a')}\nbob:secret-in-clear\n`, 'keys.txt')).toThrow(
      expect.objectContaining({
        code: 'BAD_SETTING',
        message: expect.not.stringContaining('secret-in-clear') as string,
        details: { file: 'keys.txt', line: 2 },
      }),
    );
  });
});

describe('TokenBucket', () => {
  it('admits as many requests as it fills with', () => {
    const bucket = new TokenBucket(2, 0);
    expect([bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([0, 0, 0.5]);
    expect([bucket.take(500), bucket.take(500)]).toEqual([0, 0.5]);
    expect([bucket.take(60_000), bucket.take(60_000), bucket.take(60_000)]).toEqual([0, 0, 0.5]);
  });
});

describe('unknown fields', () => {
  it('are rejected by name unless the service is set to ignore them', async () => {
    const { app } = await startServing();
    const response = await predictTrip(app, [{ ...TRIP, wind_speed: 3 }]);
    expect(response.statusCode).toBe(422);
    expect(response.json<Problem>().errors[0]).toMatchObject({ row: 0, field: 'wind_speed' });
  });

  it('are omitted from the answer and the log if they are ignored', async () => {
    const { app, logged } = await startServing({ overrides: { unknownFields: 'ignore' } });
    const response = await predictTrip(app, [{ ...TRIP, wind_speed: 3 }]);
    expect(response.json<Answer>().predictions).toEqual([
      { model: MODEL, prediction: 401, version: '1', date: TRIP.date, imputed: [] },
    ]);
    await app.predictionLog?.flush();
    expect(logged[0]?.features).toEqual(TRIP);
  });

  it('do not hide a wrong value if they are ignored', async () => {
    const { app } = await startServing({ overrides: { unknownFields: 'ignore' } });
    expect((await predictTrip(app, [{ ...TRIP, TMAX: 'warm' }])).statusCode).toBe(422);
  });
});

describe('the deadline', () => {
  it('ends a batch that takes longer, with 503 and Retry-After', async () => {
    const { app } = await startServing({ overrides: { deadlineMs: 0 } });
    const response = await predictTrip(app, Array(2_000).fill(TRIP));
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('1');
    expect(response.json<Problem>().type).toBe('urn:citibike:problem:deadline-exceeded');
  });
});
