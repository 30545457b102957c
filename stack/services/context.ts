import type { Settings } from '../../settings.ts';
import type { Credentials } from '../environment.ts';
import type { Layout } from '../stack-layout.ts';

/** Represents the paths at which `install` found or put the software. */
export interface Software {
  readonly temporal: string;
  readonly versitygw: string;
  /** Folder of MLflow's virtual environment. */
  readonly mlflow: string;
}

/** Represents the facts from which services are created. */
export interface ServiceContext {
  readonly settings: Settings;
  readonly layout: Layout;
  readonly software: Software;
  readonly credentials: Credentials;
}
