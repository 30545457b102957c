/** Tests swaps under real connections: every answer is complete and from one version. */
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import type { Prediction } from '../../../inference/schemas/predict.ts';
import { served, startServing, TRIP } from './test-service.ts';

const SWAPS = 50;
/** Has enough rows that the service computes them in several turns of the event loop, between which a swap can happen. */
const ROWS = 450;
const CALLERS = 4;

it(`${SWAPS} swaps under load: no request fails, every answer is from exactly one version`, async () => {
  const service = await startServing();
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = service.app.server.address() as AddressInfo;
  const body = JSON.stringify({ input_data: Array(ROWS).fill(TRIP) });
  let swapping = true;
  const seen = new Map<string, number>();
  const callers = Array.from({ length: CALLERS }, async () => {
    while (swapping) {
      const response = await fetch(`http://127.0.0.1:${port}/predict_trip`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      const { predictions = [] } = (await response.json()) as { predictions?: Prediction[] };
      const kinds = new Set(predictions.map(({ version, prediction }) => `${version}: ${prediction}`));
      const kind = `${response.status}, ${predictions.length} rows, ${[...kinds].join(' and ')}`;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
  });
  for (let swap = 1; swap <= SWAPS; swap++) {
    const version = swap % 2 === 1 ? '2' : '1';
    service.upstreams.want(version);
    await served(service, version);
  }
  swapping = false;
  await Promise.all(callers);
  // Version 1 answers 10 · 40 + 1, and version 2 one more.
  expect([...seen.keys()].sort()).toEqual([`200, ${ROWS} rows, 1: 401`, `200, ${ROWS} rows, 2: 402`]);
});
