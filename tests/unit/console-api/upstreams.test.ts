import { expect, it } from 'vitest';
import { Cache } from '../../../console/api/upstreams/cache.ts';
import { Upstreams } from '../../../console/api/upstreams/upstreams.ts';
import { CitibikeError } from '../../../contracts/errors.ts';

const GONE = new CitibikeError('UPSTREAM_UNAVAILABLE', 'connection refused');
const LOG = { info: () => undefined, warn: () => undefined };

it('returns null and the reason for a server that fails, and drops the reason once it answers', async () => {
  const upstreams = new Upstreams(LOG);
  expect(await upstreams.ask('s3', () => Promise.reject(GONE))).toBeNull();
  expect(upstreams.bodyOf('s3').s3).toMatchObject({ state: 'down', error: 'connection refused' });
  await upstreams.need('s3', () => Promise.resolve(1));
  expect(upstreams.bodyOf('s3').s3?.state).toBe('up');
  expect(upstreams.bodyOf('s3').s3?.error).toBeUndefined();
});

it('does not wait for a server that hangs', async () => {
  const upstreams = new Upstreams(LOG);
  expect(await upstreams.ask('mlflow', () => new Promise<number>(() => undefined), 20)).toBeNull();
  expect(upstreams.bodyOf('mlflow').mlflow?.error).toBe('timed out after 0.02 s');
});

it('gives the reason of each call, regardless of concurrent calls', async () => {
  const upstreams = new Upstreams(LOG);
  const refused = new CitibikeError('UPSTREAM_REFUSED', 'no such table');
  const [slow, wrong, right] = await Promise.all([
    upstreams.attempt('postgres', () => new Promise<number>(() => undefined), 20),
    upstreams.attempt('postgres', () => Promise.reject(refused)),
    upstreams.attempt('postgres', () => Promise.resolve(1)),
  ]);
  expect(slow).toEqual({ reason: 'Postgres: timed out after 0.02 s' });
  expect(wrong).toEqual({ reason: 'Postgres: no such table' });
  expect(right).toEqual({ value: 1 });
});

it('gives up early on a server that does not answer the ping', async () => {
  const silence = () => new Promise<never>(() => undefined);
  const upstreams = new Upstreams(LOG, { s3: silence }, { patienceMs: 5, pingMs: 10 });
  expect(await upstreams.ask('s3', silence, 600_000)).toBeNull();
  expect(upstreams.bodyOf('s3').s3).toMatchObject({ state: 'down', error: 'timed out after 0.01 s' });
});

it('waits for a slow server that answers the ping', async () => {
  const upstreams = new Upstreams(LOG, { s3: () => Promise.resolve() }, { patienceMs: 5, pingMs: 10 });
  const slow = () => new Promise((resolve) => setTimeout(() => resolve('late'), 60));
  expect(await upstreams.ask('s3', slow, 600_000)).toBe('late');
});

it('detects which servers stop and which return', async () => {
  let answers = false;
  const ping = () => (answers ? Promise.resolve() : Promise.reject(GONE));
  const upstreams = new Upstreams(LOG, { s3: ping });
  await upstreams.check(['s3']);
  expect(upstreams.isDown('s3')).toBe(true);
  answers = true;
  await upstreams.check(['s3']);
  expect(upstreams.isDown('s3')).toBe(false);
});

it('does not call a server that was silent a moment ago', async () => {
  const upstreams = new Upstreams(LOG);
  await upstreams.ask('s3', () => Promise.reject(GONE));
  let asked = 0;
  expect(await upstreams.ask('s3', async () => (asked += 1))).toBeNull();
  expect(asked).toBe(0);
});

it('counts a rejection as an answer', async () => {
  const upstreams = new Upstreams(LOG);
  const missing = new CitibikeError('MODEL_NOT_FOUND', 'no such model');
  await expect(upstreams.ask('mlflow', () => Promise.reject(missing))).rejects.toBe(missing);
  expect(upstreams.bodyOf('mlflow').mlflow?.state).toBe('up');
});

it.each([
  ['cannot be parsed', new SyntaxError('Unexpected token < in JSON')],
  ['makes no sense', new TypeError('undefined is not iterable')],
  ['is not what it should be', new CitibikeError('INVALID_INPUT', 'not JSON')],
])('counts an answer that %s as an answer, and reports the error only to the caller', async (_, wrong) => {
  const upstreams = new Upstreams(LOG);
  await expect(upstreams.ask('s3', () => Promise.reject(wrong))).rejects.toBe(wrong);
  await expect(upstreams.need('s3', () => Promise.reject(wrong))).rejects.toBe(wrong);
  expect(upstreams.isDown('s3')).toBe(false);
  expect(await upstreams.ask('s3', async () => 'asked')).toBe('asked');
});

it.each([
  ['a rejection', new CitibikeError('UPSTREAM_REFUSED', 'check the key')],
  ['an answer of 4xx', new CitibikeError('UPSTREAM_UNAVAILABLE', 'slow down', { status: 429 })],
])('explains %s instead of the panel, with the server up', async (_, refusal) => {
  const upstreams = new Upstreams(LOG);
  expect(await upstreams.ask('mlflow', () => Promise.reject(refusal))).toBeNull();
  expect(upstreams.bodyOf('mlflow').mlflow).toMatchObject({ state: 'up', error: refusal.message });
  expect(await upstreams.ask('mlflow', async () => 'asked')).toBe('asked');
  expect(upstreams.bodyOf('mlflow').mlflow?.error).toBeUndefined();
});

it('does not count a 5xx as an answer', async () => {
  const upstreams = new Upstreams(LOG);
  const failed = new CitibikeError('UPSTREAM_UNAVAILABLE', 'internal error', { status: 500 });
  expect(await upstreams.ask('mlflow', () => Promise.reject(failed))).toBeNull();
  expect(upstreams.isDown('mlflow')).toBe(true);
});

it('shares one call between concurrent callers, and does not cache a failure', async () => {
  const cache = new Cache<number>(60_000);
  let calls = 0;
  const make = async () => {
    calls += 1;
    if (calls === 1) throw new Error('first');
    return calls;
  };
  await expect(Promise.all([cache.get('k', make), cache.get('k', make)])).rejects.toThrow('first');
  expect(calls).toBe(1);
  expect(await cache.get('k', make)).toBe(2);
  expect(await cache.get('k', make)).toBe(2);
});
