/** Sends all HTTP calls to MLflow. It applies timeouts, retries idempotent calls and maps errors to the catalogue. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';

export interface MlflowConnection {
  /** Address of the tracking server, without a trailing slash. */
  readonly trackingUri: string;
  /** Bearer token, if the server requires one. */
  readonly token?: string | undefined;
  /** User name; set both or neither. It takes precedence over the token, as in MLflow's own client. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Timeout of a JSON call in milliseconds; uploads and downloads get six times as much. */
  readonly timeoutMs?: number;
  /** Maximum attempts of an idempotent call; 4 by default. */
  readonly attempts?: number;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Path below the tracking URI, such as `/api/2.0/mlflow/runs/get`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  readonly contentType?: string;
  /** True if repeating the call has no further effect, so that it may be retried after a lost answer. */
  readonly idempotent: boolean;
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 200;
const DEFAULT_TIMEOUT_MS = 20_000;

/** Represents an answer that is not 2xx, before it is classified. */
interface Refusal {
  readonly status: number;
  /** Error code of MLflow, such as `RESOURCE_DOES_NOT_EXIST`. */
  readonly errorCode: string;
  readonly message: string;
}

export class MlflowHttp {
  readonly #connection: MlflowConnection;

  constructor(connection: MlflowConnection) {
    this.#connection = { ...connection, trackingUri: connection.trackingUri.replace(/\/+$/, '') };
  }

  async json<T>(call: Call): Promise<T> {
    const response = await this.#send(call);
    const text = await readBody(call, () => response.text());
    try {
      return (text === '' ? {} : JSON.parse(text)) as T;
    } catch (error) {
      throw new CitibikeError(
        'UPSTREAM_UNAVAILABLE',
        `MLflow answered ${describe(call)} with something that is not JSON: ${text.slice(0, 80)}`,
        { status: response.status },
        { cause: error },
      );
    }
  }

  async bytes(call: Call): Promise<Uint8Array> {
    const response = await this.#send(call);
    return new Uint8Array(await readBody(call, () => response.arrayBuffer()));
  }

  async #send(call: Call): Promise<Response> {
    const { attempts = DEFAULT_ATTEMPTS } = this.#connection;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(call);
      } catch (error) {
        const passes = error instanceof CitibikeError && error.code === 'UPSTREAM_UNAVAILABLE';
        if (!passes || !call.idempotent || attempt >= attempts || call.signal?.aborted) throw error;
        await sleep(
          FIRST_PAUSE_MS * 4 ** (attempt - 1),
          undefined,
          call.signal ? { signal: call.signal } : {},
        );
      }
    }
  }

  async #once(call: Call): Promise<Response> {
    const { trackingUri, timeoutMs = DEFAULT_TIMEOUT_MS } = this.#connection;
    const url = new URL(`${trackingUri}${call.path}`);
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const timeout = AbortSignal.timeout(call.path.includes('/mlflow-artifacts/') ? timeoutMs * 6 : timeoutMs);
    const body = call.json === undefined ? call.bytes : JSON.stringify(call.json);
    let response: Response;
    try {
      response = await fetch(url, {
        method: call.method,
        // A redirect must not send the token and the uploaded data to another address.
        redirect: 'manual',
        headers: {
          ...(call.json === undefined ? {} : { 'content-type': 'application/json' }),
          ...(call.contentType ? { 'content-type': call.contentType } : {}),
          ...authorizationOf(this.#connection),
        },
        // The types of fetch accept bytes of an ArrayBuffer only, not of a shared one.
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
        signal: call.signal ? AbortSignal.any([call.signal, timeout]) : timeout,
      });
    } catch (error) {
      throw unreachable(call, error);
    }
    if (response.ok) return response;
    throw asCatalogueError(call, await refusalOf(response));
  }
}

function authorizationOf({ username, password, token }: MlflowConnection): { authorization?: string } {
  if (username && password)
    return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  return token ? { authorization: `Bearer ${token}` } : {};
}

async function readBody<T>(call: Call, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw unreachable(call, error);
  }
}

/** Keeps the error of a cancelled activity; everything else becomes a network error. */
function unreachable(call: Call, error: unknown): Error {
  if (call.signal?.aborted) return error instanceof Error ? error : new Error(messageOf(error));
  const cause = (error as { cause?: unknown }).cause;
  return new CitibikeError(
    'UPSTREAM_UNAVAILABLE',
    `MLflow did not answer ${describe(call)}: ${messageOf(cause ?? error)}`,
    {},
    { cause: error },
  );
}

function describe(call: Call): string {
  return `${call.method} ${call.path}`;
}

async function refusalOf(response: Response): Promise<Refusal> {
  const text = await response.text().catch(() => '');
  try {
    const body = JSON.parse(text) as { error_code?: unknown; message?: unknown };
    return {
      status: response.status,
      errorCode: typeof body.error_code === 'string' ? body.error_code : '',
      message: typeof body.message === 'string' ? body.message : text.slice(0, 300),
    };
  } catch {
    // An HTML page adds nothing to the status.
    const message = text.trimStart().startsWith('<') ? response.statusText : text.slice(0, 300);
    return { status: response.status, errorCode: '', message };
  }
}

/** Matches SQLAlchemy's errors of a lost connection, by psycopg's names. Errors of data and statements have other names. */
const DATABASE_BROKE_OFF =
  /\(psycopg2?\.(InterfaceError|DatabaseError|InternalError)\)|connection already closed|server closed the connection|invalid transaction is rolled back/;

/**
 * Maps MLflow's answers to the catalogue. MLflow's statuses are misleading:
 * - A missing alias is 400 INVALID_PARAMETER_VALUE, and a duplicate is 400 RESOURCE_ALREADY_EXISTS.
 * - The proxy answers 500 INTERNAL_ERROR for a missing artifact and for a store that is down. Since artifacts.ts lists before it
 *   reads, a 500 stays retryable here.
 * - If its database is unreachable, MLflow answers 503. If the connection breaks during a statement, it answers 400 BAD_REQUEST with
 *   the driver's message.
 */
function asCatalogueError(call: Pick<Call, 'method' | 'path'>, refusal: Refusal): CitibikeError {
  const { status, errorCode, message } = refusal;
  const what = `${call.method} ${call.path}`;
  const details = { status, errorCode };
  if (errorCode === 'RESOURCE_ALREADY_EXISTS') {
    return new CitibikeError('CONFLICT', `MLflow already has this entry: ${message}`, details);
  }
  const missingAlias = errorCode === 'INVALID_PARAMETER_VALUE' && /alias .*not found/i.test(message);
  const missingModel =
    errorCode === 'RESOURCE_DOES_NOT_EXIST' &&
    /\/(registered-models|model-versions|logged-models)\//.test(call.path);
  if (missingAlias || missingModel) {
    return new CitibikeError('MODEL_NOT_FOUND', `MLflow: ${message}`, details);
  }
  if (status >= 300 && status < 400) {
    return new CitibikeError(
      'UPSTREAM_REFUSED',
      `MLflow answered ${what} with ${status}, a redirect, which is not followed: set MLFLOW_TRACKING_URI to the target of the redirect`,
      details,
    );
  }
  if (status === 401 || status === 403) {
    return new CitibikeError(
      'UPSTREAM_REFUSED',
      `MLflow rejected ${what} with status ${status}: check MLFLOW_TRACKING_TOKEN (or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD), and that the server allows this host name. ${message}`,
      details,
    );
  }
  const brokeOff = errorCode === 'BAD_REQUEST' && DATABASE_BROKE_OFF.test(message);
  const passes = status >= 500 || status === 429 || status === 408 || brokeOff;
  return new CitibikeError(
    passes ? 'UPSTREAM_UNAVAILABLE' : 'UPSTREAM_REFUSED',
    `MLflow answered ${what} with ${status}${errorCode ? ` ${errorCode}` : ''}: ${message}`,
    details,
  );
}
