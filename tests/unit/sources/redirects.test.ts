import { describe, expect, it } from 'vitest';
import { MlflowHttp } from '../../../adapters/mlflow/mlflow-http.ts';
import type { ObjectStore } from '../../../adapters/s3/object-store.ts';
import { getDailySummaries } from '../../../adapters/sources/noaa.ts';
import { readTextFromSource } from '../../../adapters/sources/source.ts';
import { postWebhook } from '../../../adapters/webhook/webhook.ts';
import { createPredictionClient } from '../../../adapters/prediction-client/prediction-client.ts';
import { PredictionSource } from '../../../console/api/upstreams/prediction.ts';
import { allowed, allowing } from '../../fixtures/allow.ts';
import { countingServer, redirectTo } from '../../fixtures/counting-server.ts';

const access = { objects: undefined as unknown as ObjectStore };
const ok = (body: string) => countingServer((_request, response) => response.end(body));

describe('a redirect of a source', () => {
  const read = (address: string, entries: readonly string[]) =>
    readTextFromSource(allowing(() => entries).sources.check(address, 'source.trips'), access);

  it('to an allowed address is followed', async () => {
    const target = await ok('here');
    const from = await countingServer(redirectTo(`${target.origin}/moved`));
    expect(await read(`${from.origin}/list`, [from.origin, target.origin])).toBe('here');
    expect(target.requests.map(({ path }) => path)).toEqual(['/moved']);
  });

  it.each([301, 302, 303, 307, 308])('with status %d to another address is not followed', async (status) => {
    const internal = await ok('internal');
    const from = await countingServer(redirectTo(`${internal.origin}/admin`, status));
    await expect(read(`${from.origin}/list`, [from.origin])).rejects.toMatchObject({
      code: 'SOURCE_NOT_ALLOWED',
      retryable: false,
      message: expect.stringContaining(`source.trips, redirected by ${new URL(from.origin).host}`) as string,
    });
    expect(internal.connections).toBe(0);
  });

  it.each(['file:///etc/passwd', '/elsewhere', '//169.254.169.254/latest/meta-data/', 'http://[::1]:9/'])(
    'to %s is not followed',
    async (location) => {
      const from = await countingServer(redirectTo(location));
      await expect(read(`${from.origin}/trips/list`, [`${from.origin}/trips`])).rejects.toMatchObject({
        code: 'SOURCE_NOT_ALLOWED',
      });
      expect(from.requests).toHaveLength(1);
    },
  );

  it('is followed five times at most', async () => {
    const from = await countingServer((request, response) => {
      const hop = Number(new URL(request.url ?? '', 'http://x').searchParams.get('hop') ?? 0);
      redirectTo(`/list?hop=${hop + 1}`)(request, response);
    });
    await expect(read(`${from.origin}/list`, [from.origin])).rejects.toMatchObject({
      code: 'UPSTREAM_REFUSED',
    });
    expect(from.requests).toHaveLength(6);
  });
});

describe('the token of NOAA', () => {
  const service = (origin: string) => `${origin}/cdo-web/api/v2`;
  const ask = (address: string, owner: string) =>
    getDailySummaries(allowed(address, new URL(address).origin), {
      station: 'USW00014732',
      year: 2024,
      credential: { token: 'planted-token', service: owner },
    });

  it('goes to the service of the setting', async () => {
    const noaa = await ok('{}');
    await ask(service(noaa.origin), service(noaa.origin));
    expect(noaa.requests[0]?.headers['token']).toBe('planted-token');
  });

  it.each([
    ['another port of the host', (origin: string) => service(origin)],
    ['a service at a deeper path of another origin', (origin: string) => `${origin}/x/cdo-web/api/v2/`],
  ])('does not go to %s, although the address is allowed', async (_what, addressOf) => {
    const noaa = await ok('{}');
    const other = await ok('{}');
    await expect(ask(addressOf(other.origin), service(noaa.origin))).rejects.toMatchObject({
      code: 'BAD_SETTING',
      message: expect.stringContaining('WEATHER_SOURCE') as string,
    });
    expect([noaa.connections, other.connections]).toEqual([0, 0]);
  });

  it('is not sent if the setting names a service without a token', async () => {
    const other = await ok('{}');
    await expect(ask(service(other.origin), other.origin)).rejects.toMatchObject({ code: 'BAD_SETTING' });
    expect(other.connections).toBe(0);
  });

  it('does not go over plain HTTP beyond the loopback', async () => {
    const plain = 'http://noaa.example/cdo-web/api/v2';
    await expect(ask(plain, plain)).rejects.toMatchObject({
      code: 'BAD_SETTING',
      message: expect.stringContaining('https://') as string,
    });
  });

  it.each(['to another origin', 'to the same origin'])('does not follow a redirect %s', async (where) => {
    const thief = await ok('{}');
    const noaa = await countingServer(
      redirectTo(where === 'to the same origin' ? '/other' : `${thief.origin}/data`),
    );
    const error: unknown = await ask(service(noaa.origin), service(noaa.origin)).catch(
      (each: unknown) => each,
    );
    expect(error).toMatchObject({ code: 'UPSTREAM_REFUSED' });
    expect(JSON.stringify(error) + String(error)).not.toContain('planted-token');
    expect([noaa.requests.length, thief.connections]).toEqual([1, 0]);
  });
});

describe.each([301, 302, 303, 307, 308])('a redirect with status %d', (status) => {
  const both = async () => {
    const thief = await ok('{}');
    return { thief, server: await countingServer(redirectTo(`${thief.origin}/taken`, status)) };
  };

  it('does not send MLflow’s token or files elsewhere', async () => {
    const { thief, server } = await both();
    const http = new MlflowHttp({ trackingUri: server.origin, token: 'planted-token' });
    const call = { path: '/api/2.0/mlflow/runs/get', idempotent: true };
    await expect(http.json({ ...call, method: 'GET' })).rejects.toMatchObject({
      code: 'UPSTREAM_REFUSED',
      message: expect.stringContaining('MLFLOW_TRACKING_URI') as string,
    });
    await expect(http.json({ ...call, method: 'PUT', bytes: new Uint8Array(8) })).rejects.toThrow();
    expect(thief.connections).toBe(0);
  });

  it('does not send a webhook’s signed event elsewhere', async () => {
    const { thief, server } = await both();
    const event = { id: 'e', type: 'run.failed', text: 'x' } as unknown as Parameters<typeof postWebhook>[1];
    await expect(postWebhook({ url: `${server.origin}/hook`, secret: 's' }, event)).rejects.toThrow();
    expect(thief.connections).toBe(0);
  });

  it('does not send a caller’s API key elsewhere', async () => {
    const { thief, server } = await both();
    const client = createPredictionClient(server.origin, { apiKey: 'planted-key' });
    await expect(client.models()).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
    await expect(client.predictTrip([])).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
    expect(thief.connections).toBe(0);
  });

  it('does not send the console’s predictions elsewhere', async () => {
    const { thief, server } = await both();
    await expect(new PredictionSource(server.origin).ping()).rejects.toMatchObject({
      code: 'UPSTREAM_REFUSED',
    });
    expect(thief.connections).toBe(0);
  });
});
