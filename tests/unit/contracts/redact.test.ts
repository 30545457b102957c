import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CitibikeError, messageOf } from '../../../contracts/errors.ts';
import { outgoingText } from '../../../contracts/outgoing-text.ts';
import { hideSecrets, redact } from '../../../contracts/redact.ts';
import { boundedJson, showValue } from '../../../contracts/show-value.ts';

test.each([
  ['http://alice:s3cret@mlflow.local:5000/api', 'http://***@mlflow.local:5000/api'],
  ['postgres://u:p@ss@db/monitoring', 'postgres://***@db/monitoring'],
  ['postgres://u:pa/ss@db/monitoring', 'postgres://***@db/monitoring'],
  ['https://ghp_token@github.com/x', 'https://***@github.com/x'],
  ['http://a:b@h1 and http://c:d@h2', 'http://***@h1 and http://***@h2'],
  ['https://h/a.zip?X-Amz-Signature=abc&part=2', 'https://h/a.zip?X-Amz-Signature=***&part=2'],
  [
    'https://h/a?X-Amz-Credential=AKIA1/x&key=k&sig=s#f',
    'https://h/a?X-Amz-Credential=***&key=***&sig=***#f',
  ],
  ['https://h/a?x%2DToken%3Dabc', 'https://h/a?x%2DToken%3D***'],
  ['host=db user=me password=a&b,c; dbname=x', 'host=db user=me password=*** dbname=x'],
  ['{"token":"a\\"b","x":1}', '{"token":***,"x":1}'],
  ['{\\"password\\":\\"abc\\",\\"x\\":1}', '{\\"password\\":***,\\"x\\":1}'],
  ['Authorization: AWS4-HMAC-SHA256 Credential=a, Signature=b\nnext', 'Authorization: ***\nnext'],
  ['sent Bearer abc.def-123 there', 'sent Bearer *** there'],
  ['sent Basic dXNlcjpwYXNz there', 'sent Basic *** there'],
  ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG', 'aws_secret_access_key = ***'],
  ['key AKIAIOSFODNN7EXAMPLE.', 'key ***.'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nrest', '***\nrest'],
  ['-----BEGIN PRIVATE KEY-----\nMIIE, cut off', '***'],
])('%j becomes %j', (text, expected) => {
  expect(redact(text)).toBe(expected);
});

test.each([
  'https://www.ncei.noaa.gov/access/services/data/v1?stations=USW00014732&year=2024',
  'https://unpkg.com/@scope/package and a@b.example',
  'http://127.0.0.1:5000/@x and http://[::1]:80/@z',
  's3://citibike-data/raw/tripdata/nyc/2024/0123/202401-citibike-tripdata.zip',
  'setting NOAA_TOKEN: got nothing, expected a token',
  'setting INFERENCE_API_KEYS_FILE: /etc/keys cannot be read',
  'the webhook answered 401: check WEBHOOK_URL and WEBHOOK_SECRET',
  'input of ingest is not valid: from: got 5, expected a month as YYYY-MM',
  'a basic comparison, a Bearer token, Unexpected token < in JSON at position 0',
])('%j has no secret and stays unchanged', (text) => {
  expect(redact(text)).toBe(text);
});

/** Generates secrets from typical characters, long enough to differ from the text around them. */
const secret = fc.stringMatching(/^[A-Za-z0-9+/_.~-]{12,40}$/).filter((text) => !/^[./~_-]/.test(text));
const words = fc.oneof(
  fc.lorem(),
  fc.string({ maxLength: 40 }),
  fc.constantFrom('', ' at ', '\n', '{"a":1} '),
);

const PLACES: ((planted: string) => string)[] = [
  (planted) => `https://alice:${encodeURIComponent(planted)}@host/path`,
  (planted) => `s3://${planted.replaceAll('/', '')}@bucket/key`,
  (planted) => `https://host/file.zip?X-Amz-Date=1&X-Amz-Signature=${encodeURIComponent(planted)}&x=2`,
  (planted) => `https://host/?access_token=${planted}`,
  (planted) => `MLFLOW_TRACKING_TOKEN=${planted}`,
  (planted) => `{"secretAccessKey": "${planted}", "region": "x"}`,
  (planted) => `password='${planted}' host=db`,
  (planted) => `Authorization: Bearer ${planted}`,
  (planted) => `Bearer ${planted}`,
  (planted) => `x-api-key: ${planted}`,
  (planted) => `cookie: console=${planted}; other=${planted}`,
  (planted) => `-----BEGIN EC PRIVATE KEY-----\n${planted}\n-----END EC PRIVATE KEY-----`,
];

describe('a planted secret', () => {
  const planted = fc.tuple(words, secret, fc.nat(PLACES.length - 1), words);

  test.each([
    ['redact', redact],
    ['outgoingText', outgoingText],
    ['a message of an error', (text: string) => messageOf(new Error(text))],
    ['an error of the catalogue', (text: string) => new CitibikeError('STACK', text).message],
    ['showValue', (text: string) => showValue({ at: text })],
    ['boundedJson', (text: string) => JSON.stringify(boundedJson({ a: [text] }, 10_000))],
  ])('does not survive %s', (_, pass) => {
    fc.assert(
      fc.property(planted, ([before, value, place, after]) => {
        const out = pass(`${before}\n${PLACES[place]!(value)}\n${after}`);
        expect(out).not.toContain(value);
        expect(out).not.toContain(encodeURIComponent(value));
      }),
      { numRuns: 400 },
    );
  });

  test('does not survive where a text is cut', () => {
    fc.assert(
      fc.property(
        secret,
        fc.integer({ min: 0, max: 70_000 }),
        fc.constantFrom('x', 'x '),
        (value, before, filling) => {
          const text = `${filling.repeat(before).slice(0, before)} https://alice:${value}@host/ ${'y'.repeat(50_000)}`;
          const out = outgoingText(text);
          // At most half of a secret may be visible before the cut.
          expect(out).not.toContain(value.slice(0, 8));
          expect(Buffer.byteLength(out)).toBeLessThanOrEqual(2_000);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('under a secret name in JSON is hidden in any form', () => {
    expect(boundedJson({ password: 'a b', nested: [{ apiKey: 7, tokens: 3 }] }, 1_000)).toEqual({
      password: '***',
      nested: [{ apiKey: '***', tokens: 3 }],
    });
  });

  test('that the process knows is hidden anywhere in a text', () => {
    hideSecrets(['known-secret-4711', 'known-secret-4711-and-more', 'short', 'postgres']);
    expect(redact('MLflow says: known-secret-4711 is no token; postgres is')).toBe(
      'MLflow says: *** is no token; postgres is',
    );
  });
});

/** Inputs that make the earlier or the obvious expressions backtrack at every character. */
const HOSTILE: [string, string][] = [
  ['scheme letters', 'a.'.repeat(500_000)],
  ['addresses without an end', 'a://'.repeat(250_000)],
  ['users without a host', 'a://u:p'.repeat(150_000)],
  ['users and paths', 'a://u:p/'.repeat(130_000)],
  ['separators', '='.repeat(1_000_000)],
  ['names', 'password'.repeat(125_000)],
  ['unclosed quotes', 'token="'.repeat(140_000)],
  ['backslashes', `token="${'\\'.repeat(1_000_000)}`],
  ['escaped quotes', `token="${'\\"'.repeat(500_000)}`],
  ['schemes', 'Bearer '.repeat(140_000)],
  ['keys', '-----BEGIN PRIVATE KEY'.repeat(45_000)],
  ['web tokens', 'eyJaaaaaaaa.'.repeat(80_000)],
  ['beginnings of web tokens', 'eyJ-'.repeat(250_000)],
];

test.each(HOSTILE)('1 MB of %s is read in linear time', (_, text) => {
  // The earlier expression took 1,000 s for the first input; the bound is generous for slow machines.
  const started = performance.now();
  redact(text);
  outgoingText(text);
  expect(performance.now() - started).toBeLessThan(10_000);
});
