/** Installs the Python environments of the peers from pinned lists. */
import path from 'node:path';
import { lastWords, run } from '../../../stack/install/run-command.ts';
import { installEnvironment } from '../../python/python-environment.ts';

const PEERS_DIR = path.join(import.meta.dirname, '..', 'peers');

/** Installs the environment of the data frame peers. @returns the interpreter. @throws Error that names what cannot be installed. */
export async function installPeers(folder: string, log: (line: string) => void): Promise<string> {
  return installPythonList(folder, 'dataframes.txt', log);
}

/** Installs the environment of `peers/forecast_xgboost.py`, beside the others. */
export async function installXgboost(folder: string, log: (line: string) => void): Promise<string> {
  return installPythonList(folder, 'xgboost-optuna.txt', log);
}

/** Creates an environment from a pinned list of `peers/` once. */
export async function installPythonList(
  folder: string,
  list: string,
  log: (line: string) => void,
): Promise<string> {
  return installEnvironment({ folder, requirements: [path.join(PEERS_DIR, list)] }, log);
}

/** Returns the installed versions, such as `pandas 3.1.1`. */
export async function versionsOf(python: string, packages: readonly string[]): Promise<string[]> {
  const code = `import importlib.metadata as m, platform\nprint("Python", platform.python_version())\nfor p in ${JSON.stringify(packages)}: print(p, m.version(p))`;
  const result = await run(python, ['-c', code]);
  if (result.code !== 0) throw new Error(`${path.basename(python)}: ${lastWords(result)}`);
  return result.output.trim().split('\n');
}
