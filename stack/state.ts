/** What the supervisor tells of itself through `state.json`: the only channel from it to the commands. */
import type { PartName } from './service.ts';
import type { ProcessRecord } from './processes.ts';

export type PartPhase =
  | 'waiting' // for what it needs
  | 'starting'
  | 'ready'
  | 'restarting' // it ended by itself and is started again
  | 'failed' // it could not be started; `up` tries again
  | 'stopped';

export interface PartState {
  readonly phase: PartPhase;
  readonly process?: ProcessRecord | undefined;
  /** ISO time of the running process' start. */
  readonly since?: string | undefined;
  readonly readyAfterMs?: number | undefined;
  readonly restarts: number;
  /** Why it is where it is, one line. */
  readonly note?: string | undefined;
}

export interface StackState {
  readonly supervisor: ProcessRecord;
  readonly startedAt: string;
  /** Ports at the start, by setting: a stack does not move while it runs. */
  readonly ports: Readonly<Record<string, number>>;
  readonly phase: 'starting' | 'up' | 'stopping' | 'failed';
  /** Why the start failed: ready to be shown. */
  readonly failure?: string | undefined;
  readonly parts: Readonly<Partial<Record<PartName, PartState>>>;
}

/** What the supervisor is asked to run; read at its start and on SIGHUP. */
export interface Order {
  readonly parts: readonly PartName[];
  readonly software: { readonly temporal: string; readonly versitygw: string; readonly mlflow: string };
}
