/** Runs a command to its end. */
import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly timeoutMs?: number;
}

export interface RunResult {
  /** Undefined when it could not be started, or was killed. */
  readonly code: number | undefined;
  /** Both outputs, as they came. */
  readonly output: string;
}

export function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: options.env,
      cwd: options.cwd,
    });
    // Not spawn's own time-out: its timer keeps a process alive whose command could not be started.
    const timer = options.timeoutMs && setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
    const end = (result: RunResult): void => {
      clearTimeout(timer || undefined);
      resolve(result);
    };
    let output = '';
    const keep = (chunk: Buffer): void => void (output += chunk.toString('utf8'));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => end({ code: undefined, output: error.message }));
    child.once('close', (code) => end({ code: code ?? undefined, output }));
  });
}

/** The line that tells why, of a command that failed. */
export function lastWords({ output }: RunResult): string {
  return output.trim().split('\n').at(-1)?.trim() ?? '';
}
