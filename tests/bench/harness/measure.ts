/** Measures one run of a command from outside by `measure.py`. */
import { spawn } from 'node:child_process';
import path from 'node:path';

export interface Measurement {
  readonly wallSeconds: number;
  /** User and system time of the whole process tree. */
  readonly cpuSeconds: number;
  /** Peak resident memory of the whole process tree. */
  readonly peakBytes: number;
}

const MEASURE = path.join(import.meta.dirname, 'measure.py');

/** @throws Error with the command's last output if it fails. */
export async function measure(python: string, command: readonly string[]): Promise<Measurement> {
  const child = spawn(python, [MEASURE, ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const failure = (why: string) =>
    new Error(`${command.join(' ')}: ${why}\n${errors.trim().split('\n').slice(-8).join('\n')}`);
  if (code !== 0) throw failure(`measure.py ended with ${code}`);
  const { exitCode, ...measurement } = JSON.parse(output) as Measurement & { exitCode: number };
  if (exitCode !== 0) throw failure(`ended with ${exitCode}`);
  return measurement;
}
