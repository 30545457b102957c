/** The prediction service, asked for people who look at the console. */
import { CitibikeError } from '../../../contracts/errors.ts';
import type { PredictionWarning } from '../../../contracts/prediction-warnings.ts';
import { callFailure } from '../../../contracts/timed-out.ts';
import type { PredictRow, Prediction } from '../schemas/operations.ts';

const TIMEOUT_MS = 4_000;
/** People try weather in the console: none of its predictions counts in live accuracy. */
const ROUTE = '/predict_trip?interval=0.9&what_if=true';

interface ServiceAnswer {
  readonly predictions: readonly {
    readonly model: string;
    readonly version: string;
    readonly prediction: number;
    readonly lower?: number;
    readonly upper?: number;
    readonly imputed: readonly string[];
    readonly warnings?: readonly PredictionWarning[];
  }[];
}

export class PredictionSource {
  readonly address: string;

  constructor(address: string) {
    this.address = address;
  }

  async ping(): Promise<void> {
    await this.#send('/livez');
  }

  /** @throws CitibikeError INVALID_INPUT with the service's own words, UPSTREAM_UNAVAILABLE when it has no model or does not answer. */
  async predict(rows: readonly PredictRow[]) {
    const begun = performance.now();
    const answer = (await this.#send(ROUTE, {
      input_data: rows,
    })) as Partial<ServiceAnswer>;
    if (!Array.isArray(answer.predictions) || answer.predictions.length !== rows.length)
      throw notPredictions();
    const predictions = answer.predictions as ServiceAnswer['predictions'];
    const [first] = predictions;
    return {
      predictions: predictions.map(
        ({ prediction, lower = null, upper = null, warnings = [] }, i): Prediction => ({
          hour: `${rows[i]!.date.slice(0, 13)}:00:00`,
          prediction,
          lower,
          upper,
          warnings: [...warnings],
        }),
      ),
      model: first?.model ?? null,
      version: first?.version ?? null,
      imputed: [...(first?.imputed ?? [])],
      ms: Math.round((performance.now() - begun) * 10) / 10,
      curl: this.curlOf(rows.length === 1 ? rows : rows.slice(0, 1)),
    };
  }

  curlOf(rows: readonly PredictRow[]): string {
    const body = JSON.stringify({ input_data: rows }).replaceAll("'", `'\\''`);
    return `curl -s '${this.address}${ROUTE}' -H 'Content-Type: application/json' -d '${body}'`;
  }

  async #send(path: string, body?: unknown): Promise<unknown> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.address}${path}`, {
        redirect: 'manual',
        ...(body === undefined
          ? {}
          : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await response.text();
    } catch (error) {
      throw new CitibikeError(
        'UPSTREAM_UNAVAILABLE',
        `the prediction service does not answer: ${callFailure(error, TIMEOUT_MS)}`,
      );
    }
    if (response.ok) return text.startsWith('{') ? parsed(text) : {};
    if (response.status < 400) {
      throw new CitibikeError(
        'UPSTREAM_REFUSED',
        `the prediction service answered ${response.status}, a redirect, which is not followed: set INFERENCE_URL to the address that it leads to`,
      );
    }
    const detail = detailOf(text);
    throw new CitibikeError(
      response.status < 500 ? 'INVALID_INPUT' : 'UPSTREAM_UNAVAILABLE',
      `the prediction service: ${detail}`,
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw notPredictions();
  }
}

/** Returns the error for an address where another service listens. */
function notPredictions(): CitibikeError {
  return new CitibikeError(
    'UPSTREAM_REFUSED',
    'the prediction service answered with something that is not a list of predictions: check INFERENCE_URL',
  );
}

function detailOf(text: string): string {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === 'string' ? detail : text.slice(0, 300);
  } catch {
    return text.slice(0, 300);
  }
}
