/** Describes the machine of a measurement. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { versionsOf } from './peer-environments.ts';

const PROJECT_DIR = path.join(import.meta.dirname, '..', '..', '..');

export async function machineFacts(python: string, loadAtStart: number): Promise<string> {
  const cpus = os.cpus();
  const duckdb = installedVersion('@duckdb/node-api');
  const versions = await versionsOf(python, ['pandas', 'polars', 'duckdb']);
  return [
    `${cpus.length} cores (${cpus[0]?.model.trim() || 'model unknown'})`,
    `${(os.totalmem() / 2 ** 30).toFixed(0)} GiB`,
    `${os.type()} ${os.release().split('-')[0]}`,
    `load ${loadAtStart.toFixed(1)} at the start`,
    `Node ${process.versions.node}, @duckdb/node-api ${duckdb}`,
    versions.join(', '),
  ].join('; ');
}

function installedVersion(name: string): string {
  const file = path.join(PROJECT_DIR, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
