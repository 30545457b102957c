/** Reads settings that belong together: databases, token, API key, webhook, tracing and the deployment of the worker. */
import { address, fail, HTTP_URL, optional, text } from './read-setting.ts';
import type { Settings, Environment } from './settings-type.ts';

export function databasesOf(
  env: Environment,
  fallback: string,
): Pick<Settings, 'databaseUrl' | 'databaseOwnerUrl' | 'databaseReaderUrl'> {
  const address = (name: string, passwordName: string, otherwise: string): string => {
    const raw = env[name] || otherwise;
    // The message omits the value, because it contains a password.
    if (!(/^postgres(ql)?:\/\//.test(raw) && URL.canParse(raw)))
      fail(name, '(not shown)', 'a URL: postgres://USER:PASSWORD@HOST:PORT/monitoring');
    return withPassword(raw, optional(env, passwordName));
  };
  const databaseUrl = address('DATABASE_URL', 'DATABASE_PASSWORD', fallback);
  return {
    databaseUrl,
    databaseOwnerUrl: address('DATABASE_OWNER_URL', 'DATABASE_OWNER_PASSWORD', databaseUrl),
    databaseReaderUrl: address('DATABASE_READER_URL', 'DATABASE_READER_PASSWORD', databaseUrl),
  };
}

/** Adds the password of a role to its URL, unless the URL has one. */
function withPassword(address: string, password: string | undefined): string {
  const url = new URL(address);
  if (password === undefined || url.password !== '') return address;
  url.password = encodeURIComponent(password);
  return url.href;
}

export function tokenOf(env: Environment): string | undefined {
  const token = optional(env, 'CITIBIKE_TOKEN');
  if (token !== undefined && !/^[\w-]{16,200}$/.test(token))
    fail('CITIBIKE_TOKEN', '(not shown)', "a token as 'citibike console-token create NAME' prints it");
  return token;
}

/** Accepts what a header can hold. */
export function apiKeyOf(env: Environment): string | undefined {
  const key = optional(env, 'INFERENCE_API_KEY');
  if (key !== undefined && !/^[\x21-\x7e]{1,200}$/.test(key))
    fail('INFERENCE_API_KEY', '(not shown)', "a key as 'citibike api-key create NAME' prints it");
  return key;
}

export function webhookOf(env: Environment): Settings['webhook'] {
  const url = optional(env, 'WEBHOOK_URL');
  // The message omits the value, because the path of such an address is often the secret.
  if (url !== undefined && !(/^https?:\/\//.test(url) && URL.canParse(url))) {
    fail('WEBHOOK_URL', url, 'an http(s) URL');
  }
  if (url !== undefined && new URL(url).username + new URL(url).password !== '') {
    fail('WEBHOOK_URL', url, 'an address without a user name or password; WEBHOOK_SECRET signs each event');
  }
  return url === undefined ? undefined : { url, secret: optional(env, 'WEBHOOK_SECRET') };
}

/** Reads the settings of tracing, under OpenTelemetry's own names. */
export function tracingOf(env: Environment): Settings['inference']['tracing'] {
  if (optional(env, 'OTEL_EXPORTER_OTLP_ENDPOINT') === undefined) return undefined;
  const endpoint = address(
    env,
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    '',
    HTTP_URL,
    'an http(s) URL such as http://localhost:4318',
    'set OTEL_EXPORTER_OTLP_HEADERS instead',
  );
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    serviceName: text(env, 'OTEL_SERVICE_NAME', 'citibike-inference'),
  };
}

/**
 * Accepts what Temporal and labels of Kubernetes accept. Temporal separates name and build id by a full stop, and its Worker Controller
 * names a deployment NAMESPACE/NAME.
 */
export function deploymentOf(env: Environment): Settings['workerDeployment'] {
  const name = optional(env, 'WORKER_DEPLOYMENT');
  if (name === undefined) return undefined;
  const buildId = optional(env, 'WORKER_BUILD_ID');
  if (!/^[A-Za-z0-9]([A-Za-z0-9/_-]{0,126}[A-Za-z0-9])?$/.test(name))
    fail('WORKER_DEPLOYMENT', name, 'up to 128 letters, digits, _, - and /, such as citibike');
  if (buildId !== undefined && !/^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/.test(buildId))
    fail('WORKER_BUILD_ID', buildId, 'up to 63 letters, digits, . _ and -, such as a commit');
  return { name, buildId };
}
