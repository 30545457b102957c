/**
 * Calls the prediction service, with types generated from its OpenAPI document. Uses `fetch` and no
 * dependency.
 */
import { CitibikeError } from '../../contracts/errors.ts';
import { MAX_BATCH_ROWS } from '../../contracts/max-batch-rows.ts';
import { callFailure } from '../../contracts/timed-out.ts';
import type { paths } from './openapi.d.ts';

export { CitibikeError };

type JsonOf<Answer> = Answer extends { content: { 'application/json': infer Body } } ? Body : never;
type PredictionPath = '/predict' | '/predict_trip';
type BodyOf<Path extends PredictionPath> = NonNullable<
  paths[Path]['post']['requestBody']
>['content']['application/json'];

export type TripRow = BodyOf<'/predict_trip'>['input_data'][number];
export type FeatureRow = BodyOf<'/predict'>['input_data'][number];
export type Predictions = JsonOf<paths['/predict_trip']['post']['responses'][200]>;
export type Prediction = Predictions['predictions'][number];
export type ModelList = JsonOf<paths['/v1/models']['get']['responses'][200]>;
export type ModelInfo = ModelList['models'][number];

export type Forecast = JsonOf<paths['/v1/forecast']['get']['responses'][200]>;
export type ForecastOptions = NonNullable<paths['/v1/forecast']['get']['parameters']['query']>;

export interface PredictionClientOptions {
  /** Key of the caller, if the service requires one. */
  readonly apiKey?: string;
  /** Timeout of one call in milliseconds. The default is 10,000. */
  readonly timeoutMs?: number;
}

export interface PredictionOptions {
  /** Adds `lower` and `upper` to each prediction, if the model has an interval. */
  readonly interval?: 0.9;
  /** Units of the rows' weather: °F, inches and mph by default, or °C, mm and m/s if `metric`. */
  readonly units?: 'imperial' | 'metric';
  /** True if the weather is an assumption and not a forecast; live accuracy then leaves the predictions out. */
  readonly whatIf?: boolean;
  /** Id that the service returns in a header and writes to its log. */
  readonly requestId?: string;
}

/**
 * All calls reject with a CitibikeError. INVALID_INPUT: the service rejects the rows (`details.errors` names
 * row and field), or there are too many, which is checked before anything is sent. UPSTREAM_UNAVAILABLE: the
 * service does not answer or is overloaded (`details.retryAfter` in seconds). UPSTREAM_REFUSED: the answer is a
 * redirect or not JSON, so another server may listen at the address.
 */
export interface PredictionClient {
  predictTrip(rows: readonly TripRow[], options?: PredictionOptions): Promise<Predictions>;
  predict(rows: readonly FeatureRow[], options?: PredictionOptions): Promise<Predictions>;
  /** Returns the next hours, 72 with the 90 % interval by default. UPSTREAM_UNAVAILABLE also means that no forecast was issued. */
  forecast(options?: ForecastOptions): Promise<Forecast>;
  models(): Promise<ModelList>;
  /** Checks that the process answers, with or without a model. */
  ping(): Promise<void>;
}

/** @param url address of the service, such as `http://localhost:3000`. */
export function createPredictionClient(
  url: string,
  { apiKey, timeoutMs = 10_000 }: PredictionClientOptions = {},
): PredictionClient {
  const base = url.replace(/\/+$/, '');
  const call = async (route: string, init: RequestInit = {}): Promise<unknown> => {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${base}${route}`, {
        ...init,
        // A redirect would send the key to another address.
        redirect: 'manual',
        headers: {
          ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
          ...(init.headers as Record<string, string> | undefined),
        },
        signal: AbortSignal.timeout(timeoutMs),
      });
      text = await response.text();
    } catch (error) {
      throw new CitibikeError(
        'UPSTREAM_UNAVAILABLE',
        `the prediction service at ${base} does not answer: ${callFailure(error, timeoutMs)}. Check it with citibike status, start it with citibike up`,
        {},
        { cause: error },
      );
    }
    const body = parsed(text);
    if (!response.ok) throw rejection(response, body);
    if (body === undefined) throw unexpectedAnswer(base);
    return body;
  };
  const post = async (
    path: PredictionPath,
    rows: readonly object[],
    options: PredictionOptions = {},
  ): Promise<Predictions> => {
    checkRows(rows);
    const { requestId } = options;
    const answer = (await call(predictionRoute(path, options), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
      },
      body: JSON.stringify({ input_data: rows }),
    })) as Partial<Predictions>;
    if (answer.predictions?.length !== rows.length) throw unexpectedAnswer(base);
    return answer as Predictions;
  };
  return {
    predictTrip: (rows, options) => post('/predict_trip', rows, options),
    predict: (rows, options) => post('/predict', rows, options),
    forecast: async ({ hours, interval } = {}) => {
      const answer = (await call(withQuery('/v1/forecast', { hours, interval }))) as Partial<Forecast>;
      if (!Array.isArray(answer.hours)) throw unexpectedAnswer(base);
      return answer as Forecast;
    },
    models: () => call('/v1/models') as Promise<ModelList>,
    ping: async () => void (await call('/livez')),
  };
}

/** Returns path and query of a call. */
export function predictionRoute(
  path: PredictionPath,
  { interval, units, whatIf }: PredictionOptions,
): string {
  return withQuery(path, { interval, units, what_if: whatIf || undefined });
}

function withQuery(
  path: string,
  values: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const query = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

/** Saves the caller an upload that the service would reject. */
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

/** Returns undefined for a text that is not a JSON object. */
function parsed(text: string): object | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function unexpectedAnswer(base: string): CitibikeError {
  return new CitibikeError(
    'UPSTREAM_REFUSED',
    `the answer of ${base} is not one of the prediction service: check the address, for the console INFERENCE_URL`,
  );
}

function rejection(response: Response, body: object | undefined): CitibikeError {
  const { status } = response;
  if (status < 400) {
    return new CitibikeError(
      'UPSTREAM_REFUSED',
      `the prediction service answered ${status}, a redirect, which is not followed: use the address that it leads to, for the console in INFERENCE_URL`,
      { status },
    );
  }
  const { detail, errors } = (body ?? {}) as { detail?: string; errors?: unknown };
  const retryAfter = response.headers.get('retry-after');
  const isBusy = status >= 500 || status === 429;
  return new CitibikeError(
    isBusy ? 'UPSTREAM_UNAVAILABLE' : 'INVALID_INPUT',
    `the prediction service answered ${status}: ${detail ?? response.statusText}`,
    {
      status,
      errors,
      ...(retryAfter === null ? {} : { retryAfter: Number(retryAfter) }),
    },
  );
}
