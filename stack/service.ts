/** Defines what the supervisor knows of a service. `services/` has one file per service. */
/** Names in the order of a listing; the start order follows `needs`. */
export const SERVICE_NAMES = [
  'postgres',
  's3',
  'temporal',
  'mlflow',
  'worker',
  'inference',
  'console',
] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

interface LaunchCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Complete environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Account to run as; undefined: the account of the supervisor. */
  readonly uid?: number;
  readonly gid?: number;
}

export interface Service {
  readonly name: ServiceName;
  /** Name for progress and status. */
  readonly title: string;
  /** Address for users; undefined if the service listens nowhere. */
  readonly address: string | undefined;
  /** Every port that the service listens on, with the setting that changes it. */
  readonly ports: readonly { readonly port: number; readonly setting: string }[];
  /** Services that must be ready before this one starts. */
  readonly needs: readonly ServiceName[];
  readonly startTimeoutMs: number;
  /** Creates folders or runs initdb before each start. */
  prepare?(): Promise<void>;
  command(): LaunchCommand;
  /** Milliseconds between two readiness checks; default: 100. */
  readonly readyPollMs?: number;
  /** Checks whether the service works. It throws only if waiting cannot help. */
  isReady(pid: number): Promise<boolean>;
  /** Runs after each start, before the service counts as ready: databases, retention. Must be idempotent. */
  settle?(): Promise<void>;
}

export function isServiceName(name: string): name is ServiceName {
  return (SERVICE_NAMES as readonly string[]).includes(name);
}
