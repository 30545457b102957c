/**
 * Runs the prediction service as a child, with a route beside /v1/forecast that answers the same bytes from a constant. The service
 * has no forecast until the parent sends a message, so that the parent can compare its memory before and after.
 */
import type { AddressInfo } from 'node:net';
import { buildApp } from '../../../inference/app.ts';
import { LastGoodModel } from '../../../inference/last-good-model.ts';
import { forecastOf, MemoryForecasts } from '../../fixtures/memory-forecasts.ts';
import { MODEL } from './served-model.ts';

/** `follow`: issue a forecast. `memory`: collect garbage and measure. */
export type ForecastOrder = 'follow' | 'memory';

export interface ForecastServiceState {
  readonly port: number;
  /** Bytes that are in use after a full collection, on the heap and outside. */
  readonly usedBytes: number;
}

export const STATIC_ROUTE = '/static';

if (import.meta.main) {
  const stateDir = process.argv[2]!;
  const forecasts = new MemoryForecasts();
  const app = await buildApp({
    model: {
      model: MODEL,
      instanceId: 'bench',
      address: 'none',
      store: { desired: async () => undefined, report: async () => undefined, remove: async () => undefined },
      source: { download: async () => ({}), ping: async () => undefined },
      lastGood: new LastGoodModel(stateDir, MODEL),
      pollMs: 1_000,
    },
    forecast: { ...forecasts.options(stateDir), pollMs: 100 },
  });
  let bytes: Buffer = Buffer.alloc(0);
  app.get(STATIC_ROUTE, { config: { access: 'read' } }, (_request, reply) => {
    void reply.type('application/json; charset=utf-8').send(bytes);
  });
  const tell = (): void => {
    global.gc!();
    const { heapUsed, external } = process.memoryUsage();
    const { port } = app.server.address() as AddressInfo;
    process.send!({ port, usedBytes: heapUsed + external } satisfies ForecastServiceState);
  };
  const follow = async (): Promise<void> => {
    forecasts.put(forecastOf({ issuedAt: new Date(Date.now() - 3_600_000).toISOString() }));
    while (!app.forecasts.weather) await new Promise((resolve) => setTimeout(resolve, 20));
    ({ bytes } = app.forecasts.answer(Date.now(), { hours: 72, interval: 0.9 }));
  };
  process.on('message', (order: ForecastOrder) => void (order === 'follow' ? follow().then(tell) : tell()));
  process.on('disconnect', () => process.exit(0));
  await app.listen({ host: '127.0.0.1', port: 0 });
  tell();
}
