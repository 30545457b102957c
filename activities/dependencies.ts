/** Defines the dependencies of activities. `worker.ts` builds them once from the settings. */
import { Context } from '@temporalio/activity';
import type { MlflowClient } from '../adapters/mlflow/mlflow-client.ts';
import type { Database } from '../adapters/postgres/database.ts';
import type { ArtifactStore, Producer } from '../adapters/s3/artifact-store.ts';
import type { AllowedAddresses } from '../adapters/sources/allowed-addresses.ts';
import type { Systems } from '../adapters/systems/system-files.ts';
import type { WebhookSettings } from '../adapters/webhook/webhook.ts';

export interface ActivityDependencies {
  readonly artifacts: ArtifactStore;
  readonly database: Database;
  readonly mlflow: MlflowClient;
  /** Version of the code, for manifests and runs. */
  readonly codeVersion: string;
  /** Model of inputs that name neither a model nor a system. */
  readonly modelName: string;
  /** The setting MODEL_NAME, which replaces the model of every system. Undefined if it is not set. */
  readonly modelOfAll?: string | undefined;
  readonly systems: Systems;
  readonly experiment: string;
  readonly sources: {
    /** The setting TRIPS_SOURCE, which replaces the source of every system. */
    readonly trips?: string | undefined;
    readonly weather: string;
    /** The setting WEATHER_FORECASTS. */
    readonly forecasts: string;
    /** The setting WEATHER_CONTACT, which only api.weather.gov receives. */
    readonly forecastContact?: string | undefined;
    /** The setting WEATHER_STATION, which replaces the station of every system. */
    readonly weatherStation?: string | undefined;
    /** Default: detected from the columns and values of the files. */
    readonly weatherUnits?: 'auto' | 'imperial' | 'metric' | 'tenths';
    /** Token of NOAA's CDO API. It is sent only to the origin of `weather`. */
    readonly noaaToken?: string | undefined;
  };
  /** Checks the addresses in workflow inputs: sources to read, and outputs to write. */
  readonly allowed: AllowedAddresses;
  readonly tfBackend: 'auto' | 'native' | 'wasm' | 'cpu';
  /** Undefined without a webhook. */
  readonly webhook?: WebhookSettings | undefined;
}

/** Returns the producer of an artifact from the context of the running activity. */
export function producerOf(step: string, codeVersion: string): Producer {
  const { workflowExecution } = Context.current().info;
  return {
    step,
    codeVersion,
    workflowId: workflowExecution?.workflowId ?? 'local',
    runId: workflowExecution?.runId ?? 'local',
  };
}
