/**
 * Every setting, read once and validated. Precedence: the process environment, then `.env`, then what the running embedded
 * stack wrote (`.stack/env.json`, or `.stack/offset-N/env.json`), then the defaults here. `.env.example` lists them all.
 */
import { existsSync, readFileSync } from 'node:fs';
import { isIPv4, isIPv6 } from 'node:net';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { secretIn } from './contracts/address-secrets.ts';
import { CitibikeError } from './contracts/errors.ts';
import { hideSecrets } from './contracts/redact.ts';
import { isSecretName } from './contracts/secret-names.ts';
import { showValue } from './contracts/show-value.ts';

export const PROJECT_DIR = import.meta.dirname;

/** Default ports before PORT_OFFSET is added. */
export const PORTS = {
  temporal: 7233,
  temporalUi: 8233,
  console: 8080,
  s3: 4566,
  mlflow: 5000,
  inference: 3000,
  grafana: 3030,
  postgres: 5433,
} as const;
export type Part = keyof typeof PORTS;

export interface Settings {
  readonly portOffset: number;
  readonly ports: Readonly<Record<Part, number>>;
  /** Binaries, virtual environment and logs of the embedded stack; shared by all offsets. */
  readonly stackDir: string;
  /** State of the stack at this offset: data, logs, pids, credentials. */
  readonly instanceDir: string;
  readonly temporal: {
    readonly address: string;
    readonly namespace: string;
    readonly apiKey: string | undefined;
    readonly tls: boolean;
  };
  readonly s3: {
    /** Undefined: AWS itself. */
    readonly endpoint: string | undefined;
    readonly region: string;
    /** Undefined: the AWS SDK's own credential chain. */
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
    readonly buckets: { readonly artifacts: string; readonly mlflow: string; readonly data: string };
  };
  readonly mlflow: {
    readonly trackingUri: string;
    readonly token: string | undefined;
    /** User name for basic authentication, used with the password instead of the token. */
    readonly username: string | undefined;
    readonly password: string | undefined;
    readonly experiment: string;
  };
  /**
   * URL of the `monitoring` database for the application role, which reads and writes rows but cannot change
   * tables.
   */
  readonly databaseUrl: string;
  /** URL of the same database for the role that owns the tables; used for migrations and grants. */
  readonly databaseOwnerUrl: string;
  /** URL of the same database for the read-only role; used by `citibike sql` and dashboards. */
  readonly databaseReaderUrl: string;
  readonly inference: {
    readonly host: string;
    readonly port: number;
    readonly stateDir: string;
    readonly logPredictions: boolean;
    /** Days that rows of the prediction log are kept. */
    readonly logDays: number;
    /** Fields of a row that are not known. */
    readonly unknownFields: 'refuse' | 'ignore';
    /** Milliseconds after which a request that still waits for its turn is given up. */
    readonly deadlineMs: number;
    /** Processes that share the port; 1: no cluster. */
    readonly workers: number;
    /** Where /metrics is answered; undefined: on the port of the service. */
    readonly adminPort: number | undefined;
    /** Maximum number of open connections per process. */
    readonly maxConnections: number;
    /** File of the keys that callers need; undefined: none is needed. */
    readonly apiKeysFile: string | undefined;
    /** Addresses and networks of proxies whose forwarded headers are trusted; empty by default. */
    readonly trustedProxies: readonly string[];
    /** Maximum requests per second and address, where no keys are needed; undefined: unlimited. */
    readonly requestsPerSecond: number | undefined;
    /** OpenTelemetry collector that spans go to; undefined: none are made. */
    readonly tracing: { readonly endpoint: string; readonly serviceName: string } | undefined;
  };
  readonly console: {
    /** Beyond the loopback, reading needs a token too. */
    readonly host: string;
    readonly port: number;
    /** Maximum number of open connections. */
    readonly maxConnections: number;
    /** Where it finds the prediction service. */
    readonly inferenceUrl: string;
    /** Addresses and networks of proxies whose forwarded headers are trusted; empty by default. */
    readonly trustedProxies: readonly string[];
  };
  /** Console token of the command line; undefined: its actions are audited as unverified. */
  readonly token: string | undefined;
  readonly modelName: string;
  /** Path of a prebuilt workflow bundle; undefined: built when the worker starts. */
  readonly workflowBundle: string | undefined;
  readonly sources: {
    readonly trips: string;
    readonly weather: string;
    readonly weatherStation: string;
    /** What weather files are in; 'auto' tells it by their columns and values. */
    readonly weatherUnits: 'auto' | 'imperial' | 'metric' | 'tenths';
    /** Token of NOAA's CDO API; sent only to the origin of `weather`. */
    readonly noaaToken: string | undefined;
    /** Addresses that inputs may read, in addition to `trips` and `weather`. */
    readonly allow: readonly string[];
    /** Addresses that inputs may write to, in addition to the data bucket's folder for predictions. */
    readonly outputs: readonly string[];
  };
  /** Told of promotions, rollbacks, failed runs and alerts; undefined: nobody is. */
  readonly webhook: { readonly url: string; readonly secret: string | undefined } | undefined;
  readonly tfBackend: 'auto' | 'native' | 'wasm' | 'cpu';
  /** Trainer processes at once on a worker. */
  readonly trainingSlots: number;
  readonly logLevel: string;
}

const HTTP_URL = /^https?:\/\/[^/]+/;

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that are secret although their names do not say so, unlike NOAA_TOKEN. */
const SECRET_SETTINGS: ReadonlySet<string> = new Set(['DATABASE_URL', 'WEBHOOK_URL']);

function fail(name: string, value: string, expected: string): never {
  const shown = SECRET_SETTINGS.has(name) || isSecretName(name) ? '(not shown)' : showValue(value);
  throw new CitibikeError('BAD_SETTING', `setting ${name}: got ${shown}, expected ${expected}`, {
    name,
    expected,
  });
}

function integer(env: Environment, name: string, fallback: number, min: number, max: number): number {
  const raw = env[name];
  if (raw === undefined || raw === '') return fallback;
  const value = Number(raw);
  if (!Number.isInteger(value) || value < min || value > max)
    fail(name, raw, `an integer from ${min} to ${max}`);
  return value;
}

function text(env: Environment, name: string, fallback: string, pattern = /./, expected = 'a text'): string {
  const raw = env[name] || fallback;
  if (!pattern.test(raw)) fail(name, raw, expected);
  return raw;
}

/**
 * Reads an address and rejects secrets in it, because addresses appear in messages and logs.
 * @param instead advice for an address that contains a secret.
 */
function address(
  env: Environment,
  name: string,
  fallback: string,
  pattern: RegExp,
  expected: string,
  instead: string,
): string {
  const value = text(env, name, fallback, pattern, expected);
  const secret = secretIn(value);
  if (secret === undefined) return value;
  throw new CitibikeError(
    'BAD_SETTING',
    `setting ${name}: the address holds ${secret}, which would appear in messages and logs; ${instead}`,
    { name },
  );
}

function choice<const T extends string>(
  env: Environment,
  name: string,
  fallback: T,
  choices: readonly T[],
): T {
  const raw = (env[name] || fallback) as T;
  if (!choices.includes(raw)) fail(name, raw, `one of ${choices.join(', ')}`);
  return raw;
}

function optional(env: Environment, name: string): string | undefined {
  return env[name] || undefined;
}

function databasesOf(
  env: Environment,
  fallback: string,
): Pick<Settings, 'databaseUrl' | 'databaseOwnerUrl' | 'databaseReaderUrl'> {
  const address = (name: string, otherwise: string): string => {
    const raw = env[name] || otherwise;
    // The message omits the value, because it contains a password.
    if (!(/^postgres(ql)?:\/\//.test(raw) && URL.canParse(raw)))
      fail(name, '(not shown)', 'a URL: postgres://USER:PASSWORD@HOST:PORT/monitoring');
    return raw;
  };
  const databaseUrl = address('DATABASE_URL', fallback);
  return {
    databaseUrl,
    databaseOwnerUrl: address('DATABASE_OWNER_URL', databaseUrl),
    databaseReaderUrl: address('DATABASE_READER_URL', databaseUrl),
  };
}

/** Parses a comma-separated list of addresses; a comma within an address is written %2C. */
function addresses(env: Environment, name: string, schemes: readonly string[]): string[] {
  const entries = (env[name] ?? '').split(',').map((entry) => entry.trim());
  return entries.filter(Boolean).map((entry) => {
    const url = URL.canParse(entry) ? new URL(entry) : undefined;
    const known = schemes.some((scheme) => entry.startsWith(scheme));
    if (url && known && url.username === '' && url.password === '') return entry;
    // The message omits the value, because it may contain a password.
    fail(
      name,
      '(not shown)',
      `addresses without user names, separated by commas, each with ${schemes.join(' or ')}`,
    );
  });
}

/** Parses a comma-separated list of addresses and networks. */
function networks(env: Environment, name: string): string[] {
  const entries = (env[name] ?? '').split(',').map((entry) => entry.trim());
  return entries.filter(Boolean).map((entry) => {
    const [address = '', bits, ...rest] = entry.split('/');
    const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
    const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
    if (most < 0 || !fits || rest.length > 0)
      fail(name, entry, 'IP addresses or networks such as 10.0.0.0/8, with commas between');
    return entry;
  });
}

function tokenOf(env: Environment): string | undefined {
  const token = optional(env, 'CITIBIKE_TOKEN');
  if (token !== undefined && !/^[\w-]{16,200}$/.test(token))
    fail('CITIBIKE_TOKEN', '(not shown)', "a token as 'citibike console-token create NAME' prints it");
  return token;
}

function webhookOf(env: Environment): Settings['webhook'] {
  const url = optional(env, 'WEBHOOK_URL');
  // Its value is not repeated: the path of such an address is often the secret.
  if (url !== undefined && !(/^https?:\/\//.test(url) && URL.canParse(url))) {
    fail('WEBHOOK_URL', url, 'an http(s) URL');
  }
  if (url !== undefined && new URL(url).username + new URL(url).password !== '') {
    fail('WEBHOOK_URL', url, 'an address without a user name or password; WEBHOOK_SECRET signs each event');
  }
  return url === undefined ? undefined : { url, secret: optional(env, 'WEBHOOK_SECRET') };
}

/** The names are OpenTelemetry's own. */
function tracingOf(env: Environment): Settings['inference']['tracing'] {
  if (optional(env, 'OTEL_EXPORTER_OTLP_ENDPOINT') === undefined) return undefined;
  const endpoint = address(
    env,
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    '',
    HTTP_URL,
    'an http(s) URL, as http://localhost:4318',
    'set OTEL_EXPORTER_OTLP_HEADERS instead',
  );
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    serviceName: text(env, 'OTEL_SERVICE_NAME', 'citibike-inference'),
  };
}

function readIfThere(file: string): Record<string, string | undefined> {
  if (!existsSync(file)) return {};
  const content = readFileSync(file, 'utf8');
  return file.endsWith('.json') ? (JSON.parse(content) as Record<string, string>) : parseEnv(content);
}

/** Where the stack of an offset keeps its state. */
export function instanceDirOf(stackDir: string, portOffset: number): string {
  return portOffset === 0 ? stackDir : path.join(stackDir, `offset-${portOffset}`);
}

/**
 * Reads all settings.
 * @param processEnv the environment that wins over every file.
 * @throws CitibikeError BAD_SETTING with the setting's name, its value and what was expected.
 */
export function loadSettings(processEnv: Environment = process.env): Settings {
  const fromFile = { ...readIfThere(path.join(PROJECT_DIR, '.env')), ...definedOnly(processEnv) };
  const portOffset = integer(fromFile, 'PORT_OFFSET', 0, 0, 50_000);
  const stackDir = path.resolve(PROJECT_DIR, fromFile['STACK_DIR'] || '.stack');
  const instanceDir = instanceDirOf(stackDir, portOffset);
  const env = environmentOver(readIfThere(path.join(instanceDir, 'env.json')), fromFile);
  const ports = Object.fromEntries(
    Object.entries(PORTS).map(([part, port]) => {
      const name = `${part.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}_PORT`;
      return [part, integer(env, name, port + portOffset, 1, 65_535)];
    }),
  ) as Record<Part, number>;
  const source = /^(https?|s3|file):\/\/.+/;
  const sourceForm = 'an address that starts with https://, http://, s3:// or file://';
  const accessKeyId = optional(env, 'AWS_ACCESS_KEY_ID');
  const secretAccessKey = optional(env, 'AWS_SECRET_ACCESS_KEY');
  const apiKey = optional(env, 'TEMPORAL_API_KEY');
  const settings: Settings = {
    portOffset,
    ports,
    stackDir,
    instanceDir,
    temporal: {
      address: text(env, 'TEMPORAL_ADDRESS', `127.0.0.1:${ports.temporal}`, /^[^:/\s]+:\d+$/, 'HOST:PORT'),
      namespace: text(env, 'TEMPORAL_NAMESPACE', 'default'),
      apiKey,
      tls: choice(env, 'TEMPORAL_TLS', apiKey ? 'true' : 'false', ['true', 'false']) === 'true',
    },
    s3: {
      endpoint:
        env['AWS_ENDPOINT_URL'] === 'aws'
          ? undefined
          : address(
              env,
              'AWS_ENDPOINT_URL',
              `http://127.0.0.1:${ports.s3}`,
              HTTP_URL,
              "an http(s) URL, or 'aws' for AWS itself",
              'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead',
            ),
      region: text(env, 'AWS_REGION', 'us-east-1'),
      credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined,
      buckets: {
        artifacts: text(env, 'S3_BUCKET_ARTIFACTS', 'zenml-artifacts'),
        mlflow: text(env, 'S3_BUCKET_MLFLOW', 'mlflow-artifacts'),
        data: text(env, 'S3_BUCKET_DATA', 'citibike-data'),
      },
    },
    mlflow: {
      trackingUri: address(
        env,
        'MLFLOW_TRACKING_URI',
        `http://127.0.0.1:${ports.mlflow}`,
        HTTP_URL,
        'an http(s) URL',
        'set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, instead',
      ).replace(/\/$/, ''),
      token: optional(env, 'MLFLOW_TRACKING_TOKEN'),
      username: optional(env, 'MLFLOW_TRACKING_USERNAME'),
      password: optional(env, 'MLFLOW_TRACKING_PASSWORD'),
      experiment: text(env, 'MLFLOW_EXPERIMENT', 'citibike-trips'),
    },
    ...databasesOf(env, `postgres://citibike_app@127.0.0.1:${ports.postgres}/monitoring`),
    inference: {
      host: text(env, 'INFERENCE_HOST', '127.0.0.1'),
      port: ports.inference,
      stateDir: path.resolve(PROJECT_DIR, env['INFERENCE_STATE_DIR'] || path.join(instanceDir, 'inference')),
      logPredictions: choice(env, 'INFERENCE_LOG_PREDICTIONS', 'true', ['true', 'false']) === 'true',
      logDays: integer(env, 'INFERENCE_LOG_DAYS', 90, 1, 36_500),
      unknownFields: choice(env, 'INFERENCE_UNKNOWN_FIELDS', 'refuse', ['refuse', 'ignore']),
      deadlineMs: integer(env, 'INFERENCE_DEADLINE_MS', 10_000, 10, 600_000),
      workers: integer(env, 'INFERENCE_WORKERS', 1, 1, 256),
      adminPort: integer(env, 'INFERENCE_ADMIN_PORT', 0, 0, 65_535) || undefined,
      maxConnections: integer(env, 'INFERENCE_MAX_CONNECTIONS', 1_000, 1, 1_000_000),
      apiKeysFile: optional(env, 'INFERENCE_API_KEYS_FILE'),
      trustedProxies: networks(env, 'INFERENCE_TRUSTED_PROXIES'),
      requestsPerSecond: integer(env, 'INFERENCE_REQUESTS_PER_SECOND', 0, 0, 1_000_000) || undefined,
      tracing: tracingOf(env),
    },
    console: {
      host: text(env, 'CONSOLE_HOST', '127.0.0.1'),
      port: ports.console,
      maxConnections: integer(env, 'CONSOLE_MAX_CONNECTIONS', 500, 1, 1_000_000),
      inferenceUrl: address(
        env,
        'INFERENCE_URL',
        `http://127.0.0.1:${ports.inference}`,
        HTTP_URL,
        'an http(s) URL',
        'leave it out: the console calls the prediction service without credentials',
      ).replace(/\/+$/, ''),
      trustedProxies: networks(env, 'CONSOLE_TRUSTED_PROXIES'),
    },
    token: tokenOf(env),
    modelName: text(
      env,
      'MODEL_NAME',
      'citibike-trips',
      /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/,
      'letters, digits, _ . -',
    ),
    workflowBundle: optional(env, 'WORKFLOW_BUNDLE'),
    sources: {
      trips: address(
        env,
        'TRIPS_SOURCE',
        'https://s3.amazonaws.com/tripdata',
        source,
        sourceForm,
        'presigned addresses are not supported: use s3:// with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
      ),
      weather: address(
        env,
        'WEATHER_SOURCE',
        'https://www.ncei.noaa.gov/access/services/data/v1',
        source,
        sourceForm,
        'for NOAA, set NOAA_TOKEN instead; presigned addresses are not supported',
      ),
      weatherStation: text(
        env,
        'WEATHER_STATION',
        'USW00014732',
        /^[A-Z]{2}[A-Z0-9]{9}$/,
        'a GHCN-Daily station id such as USW00014732',
      ),
      weatherUnits: choice(env, 'WEATHER_UNITS', 'auto', ['auto', 'imperial', 'metric', 'tenths']),
      noaaToken: optional(env, 'NOAA_TOKEN'),
      allow: addresses(env, 'SOURCE_ALLOW', ['https://', 'http://', 's3://', 'file:///']),
      outputs: addresses(env, 'OUTPUT_ALLOW', ['s3://', 'file:///']),
    },
    webhook: webhookOf(env),
    tfBackend: choice(env, 'TFJS_BACKEND', 'auto', ['auto', 'native', 'wasm', 'cpu']),
    trainingSlots: integer(env, 'TRAINING_SLOTS', 2, 1, 64),
    logLevel: choice(env, 'LOG_LEVEL', 'info', ['trace', 'debug', 'info', 'warn', 'error', 'silent']),
  };
  hideSecrets(secretsOf(settings));
  return settings;
}

/** Lists the secrets to redact from all texts of this process, because a server may echo what it received. */
function secretsOf(settings: Settings): string[] {
  const { temporal, s3, mlflow, sources, webhook, token } = settings;
  const { databaseUrl, databaseOwnerUrl, databaseReaderUrl } = settings;
  const passwords = [databaseUrl, databaseOwnerUrl, databaseReaderUrl].flatMap((address) => {
    const { password } = new URL(address);
    return [password, decodeURIComponent(password)];
  });
  const hook = webhook && new URL(webhook.url);
  return [
    ...[temporal.apiKey, s3.credentials?.secretAccessKey, mlflow.token, mlflow.password, sources.noaaToken],
    // The path of a webhook often contains its secret.
    ...[webhook?.secret, webhook?.url, hook && `${hook.pathname}${hook.search}`, token, ...passwords],
  ].flatMap((secret) => (secret ? spellingsOf(secret) : []));
}

/** Lists the encodings in which a server may echo a secret: URL-encoded, JSON, base64 and hex. */
function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    ...[secret, encodeURIComponent(secret), encodeURI(secret), JSON.stringify(secret).slice(1, -1)],
    ...[bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')],
  ];
}

/**
 * Merges the user's settings over those of the stack. AWS credentials without an endpoint are meant for AWS, so
 * they do not apply to the stack's S3. The stack's other database roles apply only to the stack's own database.
 */
function environmentOver(stack: Environment, set: Environment): Environment {
  const { DATABASE_OWNER_URL: _owner, DATABASE_READER_URL: _reader, ...otherDatabase } = stack;
  const isOwnDatabase = set['DATABASE_URL'] === undefined || set['DATABASE_URL'] === stack['DATABASE_URL'];
  const known = isOwnDatabase ? stack : otherDatabase;
  if (set['AWS_ENDPOINT_URL'] !== undefined || known['AWS_ENDPOINT_URL'] === undefined)
    return { ...known, ...set };
  const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _secret, AWS_REGION: _region, ...rest } = set;
  return { ...known, ...rest };
}

function definedOnly(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
