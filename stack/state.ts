/** Defines the supervisor's state file, `state.json`: the only channel from the supervisor to the commands. */
import type { ServiceName } from './service.ts';
import type { ProcessRecord } from './processes.ts';

export type ServicePhase =
  | 'waiting' // waits for the services it needs
  | 'starting'
  | 'ready'
  | 'restarting' // it exited and the supervisor starts it again
  | 'failed' // it could not start; `up` retries
  | 'stopped';

export interface ServiceState {
  readonly phase: ServicePhase;
  readonly process?: ProcessRecord | undefined;
  /** ISO time of the running process' start. */
  readonly since?: string | undefined;
  readonly readyAfterMs?: number | undefined;
  readonly restarts: number;
  /** The reason for the phase, in one line. */
  readonly note?: string | undefined;
}

export interface StackState {
  readonly supervisor: ProcessRecord;
  readonly startedAt: string;
  /** Ports at the start, by setting. A running stack keeps its ports. */
  readonly ports: Readonly<Record<string, number>>;
  readonly phase: 'starting' | 'up' | 'stopping' | 'failed';
  /** The reason of a failed start, written for the user. */
  readonly failure?: string | undefined;
  readonly services: Readonly<Partial<Record<ServiceName, ServiceState>>>;
}

/** Represents the services that the supervisor must run. It reads the file at its start and on SIGHUP. */
export interface DesiredServices {
  readonly services: readonly ServiceName[];
  readonly software: { readonly temporal: string; readonly versitygw: string; readonly mlflow: string };
}
