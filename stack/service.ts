/** What the supervisor has to know of a part. One file a part in `parts/`. */
/** In the order of a listing; the order of starting follows `needs`. */
export const PART_NAMES = ['postgres', 's3', 'temporal', 'mlflow', 'worker', 'inference', 'console'] as const;
export type PartName = (typeof PART_NAMES)[number];

export interface LaunchCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Account to run as, when not that of the supervisor. */
  readonly uid?: number;
  readonly gid?: number;
}

export interface Part {
  readonly name: PartName;
  /** What people call it, for progress and status. */
  readonly title: string;
  /** Where people reach it; undefined when it listens nowhere. */
  readonly address: string | undefined;
  /** Every port it listens on, with the setting that moves it. */
  readonly ports: readonly { readonly port: number; readonly setting: string }[];
  /** Parts that must be ready before this one starts. */
  readonly needs: readonly PartName[];
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

export function isPartName(name: string): name is PartName {
  return (PART_NAMES as readonly string[]).includes(name);
}
