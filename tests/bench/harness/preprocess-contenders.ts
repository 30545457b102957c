/** Returns `citibike preprocess` and the Python scripts that do the same as contenders. */
import path from 'node:path';
import type { BenchContext, Contender } from './bench.ts';
import type { HoursOutput } from './same-hours.ts';

const PROJECT_DIR = path.join(import.meta.dirname, '..', '..', '..');
const PEERS_DIR = path.join(PROJECT_DIR, 'tests', 'bench', 'peers');

export const OURS = 'citibike preprocess';

const outputOf = (context: BenchContext, name: string) => path.join(context.dir, `out-${name}`);

/** Runs the product: every output of the command, in a folder. */
export function citibikePreprocess(
  context: BenchContext,
  archives: readonly string[],
  name = OURS,
): Contender & HoursOutput {
  const output = outputOf(context, name.replaceAll(/[^a-z0-9]+/g, '-'));
  const command = path.join(PROJECT_DIR, 'client', 'bin.mjs');
  return {
    name,
    command: [process.execPath, command, 'preprocess', ...archives, '--out', output],
    outputs: [output],
    output,
  };
}

/** Runs a script `peers/preprocess_NAME.py`, which writes hourly parquet only. */
export function pythonPreprocess(
  context: BenchContext,
  name: 'pandas' | 'polars' | 'duckdb',
  archives: readonly string[],
): Contender & HoursOutput {
  const output = `${outputOf(context, name)}.parquet`;
  const script = path.join(PEERS_DIR, `preprocess_${name}.py`);
  return { name, command: [context.python, script, output, ...archives], outputs: [output], output };
}
