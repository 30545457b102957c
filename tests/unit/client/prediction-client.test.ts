/** Tests that the client fits the service's OpenAPI document and the service itself. */
import { mkdtempSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openapiDocument, TYPES_FILE, typesOf } from '../../fixtures/client-types.ts';
import type { InferenceOptions } from '../../../inference/options.ts';
import { forecastOf, MemoryForecasts } from '../../fixtures/memory-forecasts.ts';
import { followed, startServing, TRIP } from '../inference/test-service.ts';
import { createServer } from 'node:http';
import { createPredictionClient } from '../../../adapters/prediction-client/prediction-client.ts';

async function listening(overrides: Partial<InferenceOptions> = {}) {
  const { app, logged } = await startServing({ overrides });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { app, logged, client: createPredictionClient(`http://127.0.0.1:${port}/`) };
}

describe('types of the client', () => {
  it('match the OpenAPI document; node tests/fixtures/client-types.ts writes them', async () => {
    expect(readFileSync(TYPES_FILE, 'utf8')).toBe(await typesOf(await openapiDocument()));
  });
});

describe('createPredictionClient', () => {
  it('answers a prediction with its interval', async () => {
    const { client } = await listening();
    const { predictions } = await client.predictTrip([TRIP], { interval: 0.9 });
    expect(predictions).toEqual([expect.objectContaining({ prediction: 401, lower: 301, upper: 601 })]);
  });

  it('answers the next hours of a forecast', async () => {
    const stateDir = mkdtempSync(path.join(tmpdir(), 'citibike-client-'));
    const forecasts = new MemoryForecasts();
    const issuedAt = new Date().toISOString();
    forecasts.put(forecastOf({ issuedAt }));
    const { app, client } = await listening({ forecast: forecasts.options(stateDir) });
    await followed(app, issuedAt);
    expect(await client.forecast()).toMatchObject({ interval: 0.9, hours: { length: 72 } });
    const answer = await client.forecast({ hours: 5, interval: 0.5 });
    expect(answer).toMatchObject({ interval: 0.5, hours: { length: 5 }, issued_at: issuedAt, stale: false });
  });

  it('says what to do where there is no forecast', async () => {
    const { client } = await listening();
    await expect(client.forecast()).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message:
        'the prediction service answered 503: No forecast of citibike-trips has been issued yet; issue one (run: citibike run forecast).',
      details: { status: 503, retryAfter: 6 },
    });
  });

  it('throws the rows and fields that the service rejected', async () => {
    const { client } = await listening();
    await expect(client.predictTrip([{ ...TRIP, TMAX: 400 }])).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { status: 422, errors: [{ row: 0, field: 'TMAX' }] },
    });
  });

  it('rejects more rows than the service accepts before it sends them', async () => {
    const rows = Array<typeof TRIP>(10_001).fill(TRIP);
    // No server listens on this port, so a request would fail with UPSTREAM_UNAVAILABLE.
    const nowhere = createPredictionClient('http://127.0.0.1:1');
    await expect(nowhere.predictTrip(rows)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: 'input_data: got 10001 rows, expected at most 10000; send them in several requests',
      details: { errors: [{ row: null, field: 'input_data' }] },
    });
  });

  it('sends as many rows as the service accepts', async () => {
    const { client } = await listening();
    const { predictions } = await client.predictTrip(Array<typeof TRIP>(10_000).fill(TRIP));
    expect(predictions).toHaveLength(10_000);
  });

  it('marks what-if predictions', async () => {
    const { client, logged, app } = await listening();
    await client.predictTrip([TRIP], { interval: 0.9, whatIf: true });
    await client.predictTrip([TRIP]);
    await app.close();
    expect(logged.map(({ isWhatIf }) => isWhatIf).sort()).toEqual([false, true]);
  });

  it('returns the loaded model', async () => {
    const { client } = await listening();
    expect((await client.models()).models.map(({ version }) => version)).toEqual(['1']);
  });

  it('reports that the service does not answer, with its address', async () => {
    const nowhere = createPredictionClient('http://127.0.0.1:1');
    await expect(nowhere.models()).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: expect.stringContaining('http://127.0.0.1:1') as string,
    });
  });

  it.each(['hello', '{"status":"ok"}', '[1]'])('reports that another server answered %s', async (text) => {
    const other = createServer((_request, response) => response.end(text)).listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await expect.poll(() => other.listening).toBe(true);
    const { port } = other.address() as AddressInfo;
    const client = createPredictionClient(`http://127.0.0.1:${port}`);
    await expect(client.predictTrip([TRIP])).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
  });
});
