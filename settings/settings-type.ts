/** Variables by name, as a process or an `.env` file sets them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Lists the default ports before PORT_OFFSET is added. */
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
  /** Binaries, virtual environment and logs of the local stack; shared by all offsets. */
  readonly stackDir: string;
  /** State of the stack at this offset: data, logs, pids, credentials. */
  readonly instanceDir: string;
  readonly temporal: {
    readonly address: string;
    readonly namespace: string;
    readonly apiKey: string | undefined;
    readonly tls: boolean;
  };
  /** Deployment that the worker is a version of; undefined: the worker is not versioned. */
  readonly workerDeployment:
    | {
        readonly name: string;
        /** Undefined: the commit of the checkout. */
        readonly buildId: string | undefined;
      }
    | undefined;
  readonly s3: {
    /** Undefined: AWS itself. */
    readonly endpoint: string | undefined;
    readonly region: string;
    /** Undefined: the AWS SDK's own credential chain. */
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
    readonly buckets: { readonly artifacts: string; readonly mlflow: string; readonly data: string };
    /** File with a policy per bucket, which `citibike provision` sets; undefined: policies stay as they are. */
    readonly bucketPolicies: string | undefined;
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
    /** Number of days that rows of the prediction log are kept. */
    readonly logDays: number;
    /** Handling of unknown fields of a row. */
    readonly unknownFields: 'refuse' | 'ignore';
    /** Milliseconds after which a waiting request is rejected. */
    readonly deadlineMs: number;
    /** Seconds in which a stopping service asks callers to close their connections. */
    readonly drainSeconds: number;
    /** Number of processes that share the port; 1: no cluster. */
    readonly workers: number;
    /** Port of /metrics; undefined: the port of the service. */
    readonly adminPort: number | undefined;
    /** Maximum number of open connections per process. */
    readonly maxConnections: number;
    /** File with the keys that callers need; undefined: callers need no key. */
    readonly apiKeysFile: string | undefined;
    /** Key that the console and `citibike predict` send; undefined: they send none. */
    readonly apiKey: string | undefined;
    /** Addresses and networks of proxies whose forwarded headers are trusted; empty by default. */
    readonly trustedProxies: readonly string[];
    /** Maximum requests per second and address, where no keys are needed; undefined: unlimited. */
    readonly requestsPerSecond: number | undefined;
    /** OpenTelemetry collector for spans; undefined: no spans are recorded. */
    readonly tracing: { readonly endpoint: string; readonly serviceName: string } | undefined;
  };
  readonly console: {
    /** Address to listen on. Beyond the loopback, reading needs a token too. */
    readonly host: string;
    readonly port: number;
    /** Maximum number of open connections. */
    readonly maxConnections: number;
    /** Address of the prediction service. */
    readonly inferenceUrl: string;
    /** Addresses and networks of proxies whose forwarded headers are trusted; empty by default. */
    readonly trustedProxies: readonly string[];
  };
  /** Console token of the command line; undefined: its actions are audited as unverified. */
  readonly token: string | undefined;
  /** Model of the prediction service, and of inputs and commands that name neither a model nor a system. */
  readonly modelName: string;
  /** The setting MODEL_NAME, which replaces the model of every system; undefined: each system has its own model. */
  readonly modelOfAll: string | undefined;
  /** Folder with own systems; undefined: only the shipped ones. */
  readonly systemsDir: string | undefined;
  /** Path of a prebuilt workflow bundle; undefined: built when the worker starts. */
  readonly workflowBundle: string | undefined;
  readonly sources: {
    /** Source of every system's trips; undefined: each system has its own source. */
    readonly trips: string | undefined;
    readonly weather: string;
    /** Source of weather forecasts for every system. */
    readonly forecasts: string;
    /** Email address or web page that api.weather.gov requires; sent to that service alone. */
    readonly forecastContact: string | undefined;
    /** GHCN-Daily station of every system; undefined: each system has its own station. */
    readonly weatherStation: string | undefined;
    /** Units of weather files; 'auto' detects them from columns and values. */
    readonly weatherUnits: 'auto' | 'imperial' | 'metric' | 'tenths';
    /** Token of NOAA's CDO API; sent only to the origin of `weather`. */
    readonly noaaToken: string | undefined;
    /** Addresses that inputs may read, in addition to `trips`, `weather` and `forecasts`. */
    readonly allow: readonly string[];
    /** Addresses that inputs may write to, in addition to the data bucket's folder for predictions. */
    readonly outputs: readonly string[];
  };
  /** Receiver of promotions, rollbacks, failed runs and alerts; undefined: no events are sent. */
  readonly webhook: { readonly url: string; readonly secret: string | undefined } | undefined;
  readonly tfBackend: 'auto' | 'native' | 'wasm' | 'cpu';
  /** Number of trainer processes that run at once on a worker. */
  readonly trainingSlots: number;
  readonly logLevel: string;
}
