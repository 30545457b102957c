import { spawn, type ChildProcess } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { PROJECT_DIR } from '../../settings.ts';
import { report, secondsSince, type SuiteOutcome } from './suite-outcome.ts';

export interface ExecuteOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Prints the output while the command runs; otherwise only if the command fails. */
  readonly live?: boolean;
  /** Yields the processors to commands of normal priority, whose tests measure time. */
  readonly background?: boolean;
}

const running = new Set<ChildProcess>();

/** Ends the commands that run, for example when the runner receives SIGTERM. */
export function endCommands(): void {
  for (const child of running) child.kill('SIGTERM');
}

/** Runs a command in the project's folder. Returns its exit code. */
export function execute(
  command: string,
  args: readonly string[],
  { env = process.env, live = false, background = false }: ExecuteOptions = {},
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: PROJECT_DIR,
      env,
      stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
    });
    running.add(child);
    if (background && child.pid !== undefined)
      os.setPriority(child.pid, os.constants.priority.PRIORITY_BELOW_NORMAL);
    const output: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', (error) => {
      process.stdout.write(`${command}: ${error.message}\n`);
      resolve(127);
    });
    child.on('close', (code) => {
      running.delete(child);
      if (code !== 0) process.stdout.write(Buffer.concat(output));
      resolve(code ?? 1);
    });
  });
}

/** Runs a command that passes or fails as a whole. @param command a path, or the name of a package's command. */
export async function check(
  name: string,
  command: string,
  args: readonly string[],
  options: ExecuteOptions = {},
): Promise<SuiteOutcome> {
  const startedAt = Date.now();
  const file = path.resolve(PROJECT_DIR, 'node_modules', '.bin', command);
  const passed = (await execute(file, args, options)) === 0;
  return report({
    name,
    seconds: secondsSince(startedAt),
    passed: passed ? 1 : 0,
    failed: passed ? 0 : 1,
    skipped: 0,
    failures: passed ? [] : [`${name}: see its output above`],
  });
}
