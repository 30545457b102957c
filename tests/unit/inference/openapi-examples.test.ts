/** Tests that the service answers every example request in its OpenAPI document. */
import { expect, it } from 'vitest';
import { startServing } from './test-service.ts';

interface Media {
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

it('answers every request example of its own document', async () => {
  const { app } = await startServing();
  const { paths } = (await app.inject('/docs/json')).json<Document>();
  const answered: string[] = [];
  for (const [url, methods] of Object.entries(paths)) {
    for (const [method, { requestBody }] of Object.entries(methods)) {
      for (const [contentType, { example, examples = {} }] of Object.entries(requestBody?.content ?? {})) {
        const named = Object.values(examples).map(({ value }) => value);
        const all = example === undefined ? named : [example, ...named];
        expect(all, `${method} ${url} shows no example`).not.toEqual([]);
        for (const body of all) {
          const response = await app.inject({
            method: method.toUpperCase() as 'POST',
            url,
            headers: { 'content-type': contentType },
            payload: JSON.stringify(body),
          });
          expect(response.statusCode, `${method} ${url}: ${response.body}`).toBe(200);
          const rows = (body as { input_data: unknown[] }).input_data.length;
          expect(response.json<{ predictions: unknown[] }>().predictions).toHaveLength(rows);
          answered.push(url);
        }
      }
    }
  }
  expect([...new Set(answered)].sort()).toEqual(['/predict', '/predict_trip']);
});
