import {
  createPredictionClient,
  type PredictionClient,
} from '../adapters/prediction-client/prediction-client.ts';
import type { Settings } from '../settings.ts';

const TIMEOUT_MS = 10_000;

/** Returns a client of the prediction service. @param url address; default: from the settings. */
export function inferenceClient(
  { host, port, apiKey }: Settings['inference'],
  url = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`,
): PredictionClient {
  return createPredictionClient(url, { timeoutMs: TIMEOUT_MS, apiKey });
}
