/** The prediction service as a typed client: types generated from its OpenAPI document, calls over `fetch`, no dependency. */
import { CitibikeError } from '../../contracts/errors.ts';
import { MAX_BATCH_ROWS } from '../../contracts/max-batch-rows.ts';
import { callFailure } from '../../contracts/timed-out.ts';
import type { paths } from './openapi.d.ts';

type JsonOf<Answer> = Answer extends { content: { 'application/json': infer Body } } ? Body : never;
type BodyOf<Route extends '/predict' | '/predict_trip'> = NonNullable<
  paths[Route]['post']['requestBody']
>['content']['application/json'];

export type TripRow = BodyOf<'/predict_trip'>['input_data'][number];
export type FeatureRow = BodyOf<'/predict'>['input_data'][number];
export type Predictions = JsonOf<paths['/predict_trip']['post']['responses'][200]>;
export type Prediction = Predictions['predictions'][number];
export type ModelList = JsonOf<paths['/v1/models']['get']['responses'][200]>;
export type ModelInfo = ModelList['models'][number];

export interface PredictionClientOptions {
  /** Where the service asks for one. */
  readonly apiKey?: string;
  /** Of one call; 10,000 when left out. */
  readonly timeoutMs?: number;
}

export interface PredictionOptions {
  /** Answers `lower` and `upper` too, where the model has an interval. */
  readonly interval?: 0.9;
  /** Units of the rows' weather; °F, inches and mph when left out, °C, mm and m/s if `metric`. */
  readonly units?: 'imperial' | 'metric';
  /** True where the weather is an assumption and not a forecast: live accuracy then leaves the predictions out. */
  readonly whatIf?: boolean;
  /** Comes back in the answer's header and in the service's log. */
  readonly requestId?: string;
}

export interface PredictionClient {
  predictTrip(rows: readonly TripRow[], options?: PredictionOptions): Promise<Predictions>;
  predict(rows: readonly FeatureRow[], options?: PredictionOptions): Promise<Predictions>;
  models(): Promise<ModelList>;
}

/**
 * @param url of the service, as `http://localhost:3000`.
 * Calls reject with CitibikeError: INVALID_INPUT when there are too many rows, which is checked before anything is sent, or the service rejects
 * what was sent (`details.errors` names row and field),
 * UPSTREAM_UNAVAILABLE when it does not answer or has too much to do (`details.retryAfter` in seconds).
 */
export function createPredictionClient(url: string, options: PredictionClientOptions = {}): PredictionClient {
  const base = url.replace(/\/+$/, '');
  const { timeoutMs = 10_000 } = options;
  const call = async <T>(route: string, init: RequestInit): Promise<T> => {
    let response: Response;
    try {
      response = await fetch(`${base}${route}`, {
        ...init,
        // A redirect would send the key to another address.
        redirect: 'manual',
        headers: {
          ...(options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` }),
          ...(init.headers as Record<string, string> | undefined),
        },
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (error) {
      throw new CitibikeError(
        'UPSTREAM_UNAVAILABLE',
        `the prediction service at ${base} does not answer: ${callFailure(error, timeoutMs)}. Is it running? citibike status says; citibike up starts it`,
        {},
        { cause: error },
      );
    }
    if (response.ok) return (await response.json()) as T;
    throw await refusal(response);
  };
  const post = async (
    route: string,
    rows: readonly object[],
    { interval, units, whatIf, requestId }: PredictionOptions = {},
  ) => {
    checkRows(rows);
    const query = queryOf({ interval, units, what_if: whatIf ? 'true' : undefined });
    return call<Predictions>(`${route}${query}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
      },
      body: JSON.stringify({ input_data: rows }),
    });
  };
  return {
    predictTrip: (rows, predictionOptions) => post('/predict_trip', rows, predictionOptions),
    predict: (rows, predictionOptions) => post('/predict', rows, predictionOptions),
    models: () => call<ModelList>('/v1/models', {}),
  };
}

function queryOf(fields: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  return given.length === 0 ? '' : `?${given.join('&')}`;
}

/** Spares a caller an upload that the service would reject. */
function checkRows({ length }: readonly object[]): void {
  if (length <= MAX_BATCH_ROWS) return;
  throw new CitibikeError(
    'INVALID_INPUT',
    `input_data: got ${length} rows, expected at most ${MAX_BATCH_ROWS}; send them in several requests`,
    {
      errors: [{ row: null, field: 'input_data', message: `expected a list of 1 to ${MAX_BATCH_ROWS} rows` }],
    },
  );
}

async function refusal(response: Response): Promise<CitibikeError> {
  if (response.status < 400) {
    return new CitibikeError(
      'UPSTREAM_REFUSED',
      `the prediction service answered ${response.status}, a redirect, which is not followed; give the address that it leads to`,
      { status: response.status },
    );
  }
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; errors?: unknown };
  const retryAfter = response.headers.get('retry-after');
  const busy = response.status >= 500 || response.status === 429;
  return new CitibikeError(
    busy ? 'UPSTREAM_UNAVAILABLE' : 'INVALID_INPUT',
    `the prediction service answered ${response.status}: ${problem.detail ?? response.statusText}`,
    {
      status: response.status,
      ...(problem.errors === undefined ? {} : { errors: problem.errors }),
      ...(retryAfter === null ? {} : { retryAfter: Number(retryAfter) }),
    },
  );
}
