/** Calls kubectl against the cluster that TEST_KUBECONFIG names. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const exec = promisify(execFile);
/** Limits the bytes of the output of one command, such as the logs of a pod. */
const MAX_OUTPUT = 64 * 2 ** 20;
/** Lists the last characters of an error that a message keeps. */
const SHOWN = 2_000;

export const kubectl = (...args: readonly string[]): Promise<string> => kubectlWith('', ...args);

/** @param input text that kubectl reads from its standard input. */
export async function kubectlWith(input: string, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, KUBECONFIG: process.env['TEST_KUBECONFIG'] };
  const running = exec('kubectl', [...args], { env, maxBuffer: MAX_OUTPUT });
  // The pipe breaks if the command ends before it has read everything.
  running.child.stdin?.on('error', () => undefined).end(input);
  try {
    return (await running).stdout.trim();
  } catch (error) {
    const {
      stderr = '',
      stdout = '',
      message,
    } = error as { stderr?: string; stdout?: string; message: string };
    const output = `${stdout}\n${stderr}`.trim() || message;
    throw new Error(`kubectl ${args.slice(0, 12).join(' ')}: ${output.slice(-SHOWN)}`, { cause: error });
  }
}

export async function objects<T>(...args: readonly string[]): Promise<T[]> {
  return (JSON.parse(await kubectl('get', ...args, '--output=json')) as { items: T[] }).items;
}

/** Gives the reason why nothing can be tested on a cluster; undefined if there is none. */
export const CLUSTER_PROBLEM = await clusterProblem();

async function clusterProblem(): Promise<string | undefined> {
  // KUBECONFIG may name a cluster that people use.
  if (!process.env['TEST_KUBECONFIG']) return 'TEST_KUBECONFIG names no cluster';
  try {
    await kubectl('get', '--raw', '/readyz');
    return undefined;
  } catch (error) {
    return `the cluster of TEST_KUBECONFIG does not answer: ${(error as Error).message}`;
  }
}
