/** Calls the prediction service for users of the console. */
import {
  createPredictionClient,
  predictionRoute,
  type PredictionClient,
  type PredictionOptions,
} from '../../../adapters/prediction-client/prediction-client.ts';
import type { PredictRow, PredictUnits, Prediction } from '../schemas/operations.ts';

const TIMEOUT_MS = 4_000;
/** Users try out weather in the console, so live accuracy ignores these predictions. */
const OPTIONS = { interval: 0.9, whatIf: true } as const;

export class PredictionSource {
  readonly address: string;
  readonly #client: PredictionClient;
  readonly #needsKey: boolean;

  /** @param apiKey key of the console, if the service requires one. */
  constructor(address: string, apiKey?: string) {
    this.address = address;
    this.#client = createPredictionClient(address, { timeoutMs: TIMEOUT_MS, apiKey });
    this.#needsKey = apiKey !== undefined;
  }

  async ping(): Promise<void> {
    await this.#client.ping();
  }

  /** Returns the version that answers requests; undefined before the first is loaded. */
  async served() {
    const [first] = (await this.#client.models()).models;
    return (
      first && {
        model: first.name,
        version: first.version,
        since: first.since,
        fromDisk: first.source === 'disk',
      }
    );
  }

  /**
   * Predicts the rows.
   * @throws CitibikeError as `PredictionClient` does.
   */
  async predict(rows: readonly PredictRow[], units?: PredictUnits) {
    const begun = performance.now();
    const options = { ...OPTIONS, ...(units ? { units } : {}) };
    const { predictions } = await this.#client.predictTrip(rows, options);
    const [first] = predictions;
    return {
      predictions: predictions.map(
        ({ prediction, lower = null, upper = null, warnings = [] }, i): Prediction => ({
          hour: `${rows[i]!.date.slice(0, 13)}:00:00`,
          prediction,
          lower,
          upper,
          warnings,
        }),
      ),
      model: first?.model ?? null,
      version: first?.version ?? null,
      imputed: first?.imputed ?? [],
      ms: Math.round((performance.now() - begun) * 10) / 10,
      curl: this.#curlOf(rows.slice(0, 1), options),
    };
  }

  /** Returns the same call as a shell command, which takes the caller's key from the environment. */
  #curlOf(rows: readonly PredictRow[], options: PredictionOptions): string {
    const body = JSON.stringify({ input_data: rows }).replaceAll("'", `'\\''`);
    const key = this.#needsKey ? ' -H "X-API-Key: $INFERENCE_API_KEY"' : '';
    return `curl -s '${this.address}${predictionRoute('/predict_trip', options)}'${key} -H 'Content-Type: application/json' -d '${body}'`;
  }
}
