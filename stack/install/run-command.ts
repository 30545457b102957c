/** Runs a command to its end. */
import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly timeoutMs?: number;
}

export interface RunResult {
  /** Exit code; undefined if the command could not be started or was killed. */
  readonly code: number | undefined;
  /** Standard output and standard error, interleaved. */
  readonly output: string;
}

export function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: options.env,
      cwd: options.cwd,
    });
    // The code does not use spawn's own timeout, whose timer keeps the process alive if the command cannot be started.
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

/** Returns the line that explains why a command failed. */
export function lastWords({ output }: RunResult): string {
  return output.trim().split('\n').at(-1)?.trim() ?? '';
}
