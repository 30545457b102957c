/** Defines the prediction service. Ready here means alive, because it has no model until the first rollout. */
import path from 'node:path';
import { INFERENCE_NODE_FLAGS } from '../../contracts/inference-flags.ts';
import { PROJECT_DIR } from '../../settings.ts';
import { ownEnvironment } from '../environment.ts';
import type { Service } from '../service.ts';
import type { ServiceContext } from './context.ts';
import { answersOk } from './http-ready.ts';

const SERVER_FILE = path.join(PROJECT_DIR, 'inference', 'server.ts');

export function inferenceService(context: ServiceContext): Service {
  const { port } = context.settings.inference;
  return {
    name: 'inference',
    title: 'Inference',
    address: `http://127.0.0.1:${port}`,
    ports: [{ port, setting: 'INFERENCE_PORT' }],
    // The service itself waits for MLflow, which takes longest to start.
    needs: ['postgres'],
    startTimeoutMs: 60_000,

    command: () => ({
      file: process.execPath,
      args: [...INFERENCE_NODE_FLAGS, SERVER_FILE],
      env: ownEnvironment(context),
      cwd: PROJECT_DIR,
    }),

    isReady: () => answersOk(`http://127.0.0.1:${port}/livez`),
  };
}
