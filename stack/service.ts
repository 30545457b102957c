/** What the supervisor has to know of a service. One file a service in `services/`. */
/** In the order of a listing; the order of starting follows `needs`. */
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
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Account to run as, when not that of the supervisor. */
  readonly uid?: number;
  readonly gid?: number;
}

export interface Service {
  readonly name: ServiceName;
  /** What people call it, for progress and status. */
  readonly title: string;
  /** Where people reach it; undefined when it listens nowhere. */
  readonly address: string | undefined;
  /** Every port it listens on, with the setting that moves it. */
  readonly ports: readonly { readonly port: number; readonly setting: string }[];
  /** Services that must be ready before this one starts. */
  readonly needs: readonly ServiceName[];
  readonly startTimeoutMs: number;
  /** Before each start: folders, initdb. */
  prepare?(): Promise<void>;
  command(): LaunchCommand;
  /** Between two looks at whether it is ready; 100 ms when left out. */
  readonly readyPollMs?: number;
  /** Whether it does its work; must not throw while it is coming up. */
  isReady(pid: number): Promise<boolean>;
  /** After each start, before it counts as ready: databases, retention. Safe to run again. */
  settle?(): Promise<void>;
}

export function isServiceName(name: string): name is ServiceName {
  return (SERVICE_NAMES as readonly string[]).includes(name);
}
