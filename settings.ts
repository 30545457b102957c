/**
 * Reads and validates every setting once. Precedence: the process environment, then `.env`, then what the running local stack
 * wrote (`.stack/env.json`, or `.stack/offset-N/env.json`), then the defaults here. `.env.example` lists them all. In the first two,
 * `NAME_FILE` names a file with the value of a secret setting.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { DEFAULT_MODEL } from './contracts/systems.ts';
import { hideSecrets } from './contracts/redact.ts';
import {
  address,
  addresses,
  choice,
  HTTP_URL,
  integer,
  networks,
  optional,
  optionalAddress,
  optionalText,
  text,
} from './settings/read-setting.ts';
import { withSecretFiles } from './settings/secret-files.ts';
import { secretsOf } from './settings/secret-settings.ts';
import {
  apiKeyOf,
  databasesOf,
  deploymentOf,
  tokenOf,
  tracingOf,
  webhookOf,
} from './settings/setting-groups.ts';
import { PORTS, type Part, type Settings, type Environment } from './settings/settings-type.ts';

export { unreadNames } from './settings/unread-names.ts';
export { PORTS, type Settings };

export const PROJECT_DIR = import.meta.dirname;

function readIfThere(file: string): Record<string, string | undefined> {
  if (!existsSync(file)) return {};
  const content = readFileSync(file, 'utf8');
  return file.endsWith('.json') ? (JSON.parse(content) as Record<string, string>) : parseEnv(content);
}

/** Returns the folder in which the stack of an offset keeps its state. */
export function instanceDirOf(stackDir: string, portOffset: number): string {
  return portOffset === 0 ? stackDir : path.join(stackDir, `offset-${portOffset}`);
}

/**
 * Reads all settings.
 * @param processEnv the environment that takes precedence over every file.
 * @throws CitibikeError BAD_SETTING with the setting's name, its value and what was expected.
 */
export function loadSettings(processEnv: Environment = process.env): Settings {
  const inProject = (file: string): string => path.resolve(PROJECT_DIR, file);
  const fromFile = {
    ...withSecretFiles(readIfThere(inProject('.env')), inProject),
    ...withSecretFiles(definedOnly(processEnv), (file) => path.resolve(file)),
  };
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
  const systemsDir = optional(env, 'SYSTEMS_DIR');
  const modelOfAll = optionalText(
    env,
    'MODEL_NAME',
    /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/,
    'letters, digits, _ . -',
  );
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
    workerDeployment: deploymentOf(env),
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
      bucketPolicies: optional(env, 'S3_BUCKET_POLICIES'),
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
      drainSeconds: integer(env, 'INFERENCE_DRAIN_SECONDS', 2, 0, 300),
      workers: integer(env, 'INFERENCE_WORKERS', 1, 1, 256),
      adminPort: integer(env, 'INFERENCE_ADMIN_PORT', 0, 0, 65_535) || undefined,
      maxConnections: integer(env, 'INFERENCE_MAX_CONNECTIONS', 1_000, 1, 1_000_000),
      apiKeysFile: optional(env, 'INFERENCE_API_KEYS_FILE'),
      apiKey: apiKeyOf(env),
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
        'set INFERENCE_API_KEY instead',
      ).replace(/\/+$/, ''),
      trustedProxies: networks(env, 'CONSOLE_TRUSTED_PROXIES'),
    },
    token: tokenOf(env),
    modelName: modelOfAll ?? DEFAULT_MODEL,
    modelOfAll,
    systemsDir: systemsDir && path.resolve(PROJECT_DIR, systemsDir),
    workflowBundle: optional(env, 'WORKFLOW_BUNDLE'),
    sources: {
      trips: optionalAddress(
        env,
        'TRIPS_SOURCE',
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
      forecasts: address(
        env,
        'WEATHER_FORECASTS',
        'https://api.weather.gov',
        source,
        sourceForm,
        'api.weather.gov and the free service of Open-Meteo need no key',
      ),
      forecastContact: optionalText(
        env,
        'WEATHER_CONTACT',
        /^[\x20-\x7e]{3,200}$/,
        'an email address or a web page in 3 to 200 ASCII characters',
      ),
      weatherStation: optionalText(
        env,
        'WEATHER_STATION',
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
