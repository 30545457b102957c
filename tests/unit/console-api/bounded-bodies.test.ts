/** Tests bodies that the console rejects before it parses them, without a call to any server. */
import { afterAll, expect, it } from 'vitest';
import { closeConsoles, consoleOn, HOST, settings } from '../../fixtures/console-app.ts';

afterAll(closeConsoles);

it.each([
  ['rows', `{"input_data":[${'{},'.repeat(80_000)}{}]}`, 'expected a list of 1 to 1000 rows'],
  [
    'values',
    `{"a":{${Array.from({ length: 20_000 }, (_, i) => `"f${i}":1`).join()}}}`,
    'at most 1000 values',
  ],
  ['depth', '['.repeat(200_000), 'at most 8 objects and lists'],
  ['text', `{"a":"${'x'.repeat(200_000)}"}`, 'at most 12288 bytes'],
])('rejects too many %s with 422 that says what is expected', async (_what, payload, detail) => {
  const app = await consoleOn(settings);
  const answer = await app.inject({
    method: 'POST',
    url: '/api/predict',
    headers: { host: HOST, 'content-type': 'application/json' },
    payload,
  });
  expect(answer.statusCode).toBe(422);
  expect(answer.json<{ detail: string }>().detail).toContain(detail);
});
