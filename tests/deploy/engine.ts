/** Calls the container engine that the command `docker` reaches. It honours DOCKER_HOST. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const exec = promisify(execFile);
/** Limits the bytes of the output of one command, such as the logs of a container. */
const MAX_OUTPUT = 256 * 2 ** 20;
/** Lists the last characters of an error that a message keeps. */
const SHOWN = 2_000;
/** The containers of the profile `cluster` used 2 GiB in a lifecycle. */
const LEAST_MEMORY_GIB = 4;

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a command. Returns what it wrote to standard output and standard error. */
async function outputsOf(
  command: string,
  args: readonly string[],
  { cwd, env }: CommandOptions = {},
): Promise<{ stdout: string; stderr: string }> {
  try {
    const options = { cwd, env: { ...process.env, DOCKER_BUILDKIT: '1', ...env }, maxBuffer: MAX_OUTPUT };
    return await exec(command, [...args], options);
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    const cause = (stderr.trim() || message).slice(-SHOWN);
    throw new Error(`${command} ${args.slice(0, 12).join(' ')}: ${cause}`, { cause: error });
  }
}

export async function run(command: string, args: readonly string[], options?: CommandOptions) {
  return (await outputsOf(command, args, options)).stdout.trim();
}

export const docker = (...args: readonly string[]): Promise<string> => run('docker', args);

/** Returns what a container wrote to both outputs. */
export async function logsOf(container: string): Promise<string> {
  const { stdout, stderr } = await outputsOf('docker', ['logs', container]);
  return stdout + stderr;
}

export async function inspect<T>(format: string, ...names: readonly string[]): Promise<T> {
  return JSON.parse(await docker('inspect', '--format', `{{json ${format}}}`, ...names)) as T;
}

/** Runs compose as a plugin of docker, or as a program of its own. */
export async function compose(args: readonly string[], options?: CommandOptions): Promise<string> {
  const isPlugin = await succeeds('docker', 'compose', 'version');
  return isPlugin ? run('docker', ['compose', ...args], options) : run('docker-compose', args, options);
}

const succeeds = (command: string, ...args: readonly string[]): Promise<boolean> =>
  run(command, args).then(
    () => true,
    () => false,
  );

/** Tells whether the engine has an image or can pull it. */
export async function hasImage(image: string): Promise<boolean> {
  return (
    (await succeeds('docker', 'image', 'inspect', image)) ||
    (await succeeds('docker', 'pull', '--quiet', image))
  );
}

/** Gives the reason why nothing can be tested here; undefined if there is none. */
export const ENGINE_PROBLEM = await engineProblem();

async function engineProblem(): Promise<string | undefined> {
  try {
    const gib = Number(await docker('info', '--format', '{{.MemTotal}}')) / 2 ** 30;
    if (gib === 0) return 'no container engine answers at DOCKER_HOST';
    if (gib < LEAST_MEMORY_GIB)
      return `the engine has ${gib.toFixed(1)} GiB of memory, expected ${LEAST_MEMORY_GIB}`;
    if (!(await compose(['up', '--help'])).includes('--wait')) return 'compose is older than 2.24';
    return undefined;
  } catch (error) {
    return `no container engine with compose (${(error as Error).message.split('\n', 1)[0]})`;
  }
}
