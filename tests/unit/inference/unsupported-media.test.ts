/** Tests requests whose body the service does not read; 415 names the accepted types. */
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { startServing, TRIP } from './test-service.ts';

const BODY = JSON.stringify({ input_data: [TRIP] });

async function post(headers: Record<string, string>, payload: string | Buffer = BODY, url = '/predict_trip') {
  const { app } = await startServing();
  return app.inject({ method: 'POST', url, headers, payload });
}

it.each([
  ['gzip', gzipSync(BODY)],
  ['GZIP', gzipSync(BODY)],
  ['x-gzip', gzipSync(BODY)],
  ['br', brotliCompressSync(BODY)],
  ['deflate', deflateSync(BODY)],
  ['zstd', zstdCompressSync(BODY)],
  ['identity, gzip', gzipSync(BODY)],
  // The header is wrong, because the body is not compressed.
  ['utf-8', Buffer.from(BODY)],
])('rejects Content-Encoding: %s', async (coding, payload) => {
  const answer = await post({ 'content-type': 'application/json', 'content-encoding': coding }, payload);
  expect(answer.statusCode).toBe(415);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.headers['accept-encoding']).toBe('identity');
  expect(answer.json()).toMatchObject({
    type: 'urn:citibike:problem:unsupported-media-type',
    status: 415,
    detail: `Content-Encoding: got "${coding}", expected identity or no such header; send the body without compression.`,
  });
});

it.each(['identity', 'Identity', 'identity, identity', ''])(
  'accepts Content-Encoding: "%s"',
  async (coding) => {
    const answer = await post({ 'content-type': 'application/json', 'content-encoding': coding });
    expect(answer.statusCode).toBe(200);
  },
);

it.each([
  ['text/csv', '"text/csv"'],
  ['text/plain;charset=utf-8', '"text/plain;charset=utf-8"'],
  ['application/x-www-form-urlencoded', '"application/x-www-form-urlencoded"'],
  ['application/jsonp', '"application/jsonp"'],
  ['garbage', '"garbage"'],
])('rejects Content-Type: %s', async (type, got) => {
  const answer = await post({ 'content-type': type });
  expect(answer.statusCode).toBe(415);
  expect(answer.headers['accept']).toBe('application/json');
  expect(answer.json()).toMatchObject({
    type: 'urn:citibike:problem:unsupported-media-type',
    detail: `Content-Type: got ${got}, expected application/json; send the body as JSON with this header.`,
  });
});

it('rejects a body without a content type', async () => {
  const { app } = await startServing();
  await app.listen({ host: '127.0.0.1', port: 0 });
  const answer = await fetch(`${app.listeningOrigin}/predict_trip`, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(BODY)),
  });
  expect(answer.status).toBe(415);
  expect(answer.headers.get('accept')).toBe('application/json');
  expect(await answer.json()).toMatchObject({
    detail: 'Content-Type: got nothing, expected application/json; send the body as JSON with this header.',
  });
});

it.each([
  'application/json',
  'application/json; charset=utf-8',
  'application/json; charset=ISO-8859-1',
  'Application/JSON',
])('accepts Content-Type: %s', async (type) => {
  expect((await post({ 'content-type': type })).statusCode).toBe(200);
});

it.each(['utf-16', 'UTF-16LE', '"utf-16be"', 'utf-32'])('rejects JSON in charset=%s', async (charset) => {
  const type = `application/json; charset=${charset}`;
  const answer = await post({ 'content-type': type }, Buffer.from(BODY, 'utf16le'));
  expect(answer.statusCode).toBe(415);
  expect(answer.headers['accept']).toBe('application/json');
  expect(answer.json<{ detail: string }>().detail).toContain(
    'expected application/json in UTF-8; send the body in UTF-8',
  );
});

it('answers 404 for an unknown address, with any body', async () => {
  const answer = await post({ 'content-type': 'text/csv', 'content-encoding': 'gzip' }, 'a', '/nothing');
  expect(answer.statusCode).toBe(404);
});

it('prefers 415 to 413, because a smaller compressed body would not help', async () => {
  const payload = Buffer.alloc(8_000_000);
  const answer = await post({ 'content-type': 'application/json', 'content-encoding': 'gzip' }, payload);
  expect(answer.statusCode).toBe(415);
});
