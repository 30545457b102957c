/** The one place that speaks HTTP to MLflow: time-outs, retries of calls that may be repeated, errors in the catalogue's terms. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';

export interface MlflowConnection {
  /** Address of the tracking server, without a slash at its end. */
  readonly trackingUri: string;
  /** Bearer token, where the server asks for one. */
  readonly token?: string | undefined;
  /** User name; set both or neither. It takes precedence over the token, as in MLflow's own client. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Milliseconds a JSON call may take; an upload or download may take six times that. */
  readonly timeoutMs?: number;
  /** How often a call that may be repeated is tried; 4 unless told. */
  readonly attempts?: number;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below the tracking URI: `/api/2.0/mlflow/runs/get`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  readonly contentType?: string;
  /** The same call twice leaves the server as once, so a lost answer may be asked for again. */
  readonly idempotent: boolean;
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 200;
const DEFAULT_TIMEOUT_MS = 20_000;

/** An answer that is not 2xx, before it is told apart; `path` and `message` are for people. */
interface Refusal {
  readonly status: number;
  /** MLflow's own: `RESOURCE_DOES_NOT_EXIST`, ... */
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
        // fetch wants bytes over an ArrayBuffer, never a shared one.
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

/** A cancelled activity keeps its own error; everything else is the network's. */
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
    // A page for browsers says nothing that the status does not.
    const message = text.trimStart().startsWith('<') ? response.statusText : text.slice(0, 300);
    return { status: response.status, errorCode: '', message };
  }
}

/** SQLAlchemy's errors of a connection that is gone, as psycopg names them; its errors of data and of statements are other ones. */
const DATABASE_BROKE_OFF =
  /\(psycopg2?\.(InterfaceError|DatabaseError|InternalError)\)|connection already closed|server closed the connection|invalid transaction is rolled back/;

/**
 * MLflow's answers in the catalogue's terms. Its traps: a missing alias is 400 INVALID_PARAMETER_VALUE, a duplicate 400
 * RESOURCE_ALREADY_EXISTS, and an artifact that is not there comes through the proxy as 500 INTERNAL_ERROR, the same as one
 * whose store is down for a moment: artifacts.ts lists before it reads, so that a 500 may stay retryable here. Where its own database
 * cannot be reached it answers 503, but 400 BAD_REQUEST with the driver's words where the connection broke under a statement.
 */
function asCatalogueError(call: Pick<Call, 'method' | 'path'>, refusal: Refusal): CitibikeError {
  const { status, errorCode, message } = refusal;
  const what = `${call.method} ${call.path}`;
  const details = { status, errorCode };
  if (errorCode === 'RESOURCE_ALREADY_EXISTS') {
    return new CitibikeError('CONFLICT', `MLflow has it already: ${message}`, details);
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
      `MLflow answered ${what} with ${status}, a redirect, which is not followed: set MLFLOW_TRACKING_URI to the address that it leads to`,
      details,
    );
  }
  if (status === 401 || status === 403) {
    return new CitibikeError(
      'UPSTREAM_REFUSED',
      `MLflow refused ${what} with status ${status}: check MLFLOW_TRACKING_TOKEN (or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD), and that the server allows this host name. ${message}`,
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
