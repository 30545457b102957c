/**
 * Runs the prediction service as a child on its own port, with two versions that the parent makes it swap.
 * It loads, proves and saves versions as the real service does. Only the desired version and the files come from
 * memory, because no request reads them.
 */
import type { AddressInfo } from 'node:net';
import type { DesiredState } from '../../../adapters/postgres/serving.ts';
import { CitibikeError } from '../../../contracts/errors.ts';
import { buildApp } from '../../../inference/app.ts';
import { LastGoodModel } from '../../../inference/last-good-model.ts';
import { MODEL, servedModelFiles } from './served-model.ts';

/** Represents the message of the parent: serve this version. The answer follows once the service serves it. */
export interface SwapOrder {
  readonly version: string;
}

export interface SwappingServiceReady {
  readonly port: number;
}

const POLL_MS = 5;

if (import.meta.main) {
  const files = new Map(['1', '2'].map((version) => [version, servedModelFiles(Number(version))]));
  let state: DesiredState = {
    model: MODEL,
    generation: 1,
    desiredVersion: '1',
    preloadedVersion: null,
    canary: null,
    reason: 'bench',
  };
  const app = await buildApp({
    model: {
      model: MODEL,
      instanceId: 'bench',
      address: 'none',
      store: { desired: async () => state, report: async () => undefined, remove: async () => undefined },
      source: {
        download: async (_model, version) => {
          const found = files.get(version);
          if (!found) throw new CitibikeError('MODEL_NOT_FOUND', `no version ${version}`);
          return found;
        },
        ping: async () => undefined,
      },
      lastGood: new LastGoodModel(process.argv[2]!, MODEL),
      pollMs: POLL_MS,
    },
  });
  const untilServed = async (version: string): Promise<void> => {
    while (app.models.served?.version !== version)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  };
  process.on('message', ({ version }: SwapOrder) => {
    state = { ...state, generation: state.generation + 1, desiredVersion: version };
    void untilServed(version).then(() => process.send!({ version }));
  });
  process.on('disconnect', () => process.exit(0));
  await app.listen({ host: '127.0.0.1', port: 0 });
  await untilServed('1');
  const ready: SwappingServiceReady = { port: (app.server.address() as AddressInfo).port };
  process.send!(ready);
}
