/** Defines the paths of the local stack. All port offsets share the software; each offset has its own folder of state. */
import path from 'node:path';
import { addedFoldersFile } from '../adapters/sources/allowed-addresses.ts';
import type { Settings } from '../settings.ts';

export interface Layout {
  /** Root folder of the stack, shared by all offsets. */
  readonly stack: string;
  /** Binaries: temporal, versitygw. */
  readonly bin: string;
  /** Python virtual environment of MLflow. */
  readonly mlflow: string;
  readonly instance: string;
  readonly logs: string;
  readonly data: string;
  /** Settings of the running stack for our processes and the command line; read by settings.ts. Its mode is 0600. */
  readonly environment: string;
  /** Passwords and keys created at the first start. Its mode is 0600. */
  readonly credentials: string;
  /** State of the supervisor and its services, written by the supervisor. */
  readonly state: string;
  /** Services that the supervisor must run. */
  readonly desiredServices: string;
  /** File that lists extra folders the worker may read; adapters/sources reads it. */
  readonly sourceFolders: string;
  /** Folder in which the prediction service keeps the last good version. */
  readonly inferenceState: string;
  /** Version of the product that last started the stack on these data. */
  readonly version: string;
  /** Schedules that a backup paused and that the next start resumes. */
  readonly pausedSchedules: string;
  /** Data that a restore replaces, kept until the new data are in place. */
  readonly beforeRestore: string;
  /** Data that a restore has replaced, until they are deleted. */
  readonly replaced: string;
  /** Unpacked backup, until it is in place. */
  readonly restoring: string;
  /** Lock that `up`, `down`, `reset`, `backup` and `restore` hold while they work on this instance. */
  readonly lock: string;
}

export function layoutOf(settings: Pick<Settings, 'stackDir' | 'instanceDir'>): Layout {
  const inStack = (name: string): string => path.join(settings.stackDir, name);
  const inInstance = (name: string): string => path.join(settings.instanceDir, name);
  return {
    stack: settings.stackDir,
    bin: inStack('bin'),
    mlflow: inStack('mlflow'),
    instance: settings.instanceDir,
    logs: inInstance('logs'),
    data: inInstance('data'),
    environment: inInstance('env.json'),
    credentials: inInstance('credentials.json'),
    state: inInstance('state.json'),
    desiredServices: inInstance('desired-services.json'),
    sourceFolders: addedFoldersFile(settings.instanceDir),
    inferenceState: inInstance('inference'),
    version: inInstance('version.json'),
    pausedSchedules: inInstance('paused-schedules.json'),
    beforeRestore: inInstance('before-restore'),
    replaced: inInstance('before-restore-replaced'),
    restoring: inInstance('restoring'),
    lock: inInstance('lock'),
  };
}
