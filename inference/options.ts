import type { FastifyBaseLogger } from 'fastify';
import type { ApiKey } from '../adapters/api-keys/api-key-file.ts';
import type { ForecastFollowerOptions } from './forecast-follower.ts';
import type { ModelFollowerOptions } from './model-follower.ts';
import type { PredictionQueueOptions } from './prediction-queue.ts';
import type { UnknownFields } from './schemas/predict.ts';

export interface OverloadLimits {
  /**
   * Maximum mean delay of the event loop over a second, in milliseconds. Its utilisation is not limited: a
   * fully used process may still answer promptly.
   */
  readonly eventLoopDelayMs: number;
  /** Maximum number of rows being predicted at one time, over all requests. */
  readonly rowsInFlight: number;
}

/** Dependencies of each plugin and route of the prediction service. */
export interface ServiceOptions {
  readonly model: Omit<ModelFollowerOptions, 'log' | 'onSwap' | 'onLoadFailure' | 'onCanary'>;
  /** Source of forecasts. Default: the service has none. */
  readonly forecast?: Omit<ForecastFollowerOptions, 'log' | 'model'>;
  /** Writes to the prediction log. Default: predictions are not logged. */
  readonly writePredictions?: PredictionQueueOptions['write'] | undefined;
  /** Deletes rows of the prediction log that are too old. @returns number of deleted rows. */
  readonly forgetPredictions?: () => Promise<number>;
  readonly limits?: OverloadLimits;
  /** Handling of unknown fields of a row. The default is `refuse`. */
  readonly unknownFields?: UnknownFields;
  /** Milliseconds after which a waiting request is rejected. */
  readonly deadlineMs?: number;
  /** Milliseconds in which a stopping service asks callers to close their connections. The default is none. */
  readonly drainMs?: number;
  /** Source of the current keys, read on every request. Default: callers need no key. */
  readonly apiKeys?: { readonly keys: readonly ApiKey[] };
  /** Maximum requests per second and address, where no keys are needed; undefined: unlimited. */
  readonly requestsPerSecond?: number | undefined;
  /** Number of processes that share the port, including this one. */
  readonly processes?: number;
  /** Returns the text of /metrics. The default is the metrics of this process. False: another port answers /metrics. */
  readonly metricsText?: (() => Promise<string>) | false | undefined;
  /** OpenTelemetry collector. Default: no spans are recorded. */
  readonly tracing?: {
    /** Address without `/v1/traces`. */
    readonly endpoint: string;
    readonly serviceName: string;
  };
}

export interface InferenceOptions extends ServiceOptions {
  /** Addresses and networks of proxies whose X-Forwarded-For is trusted; undefined: none. */
  readonly trustedProxies?: readonly string[];
  /** Maximum number of open connections; undefined: unlimited. */
  readonly maxConnections?: number;
  readonly logger?: FastifyBaseLogger;
}
