/**
 * Records the history of a closed run as a replay fixture: node tests/replay/record.ts WORKFLOW_ID SHAPE [RUN_ID]
 * A recorded history is permanent, so the script never overwrites one. It replaces paths of the machine.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadSettings } from '../../settings.ts';

const [workflowId, shape, runId] = process.argv.slice(2);
if (!workflowId || !shape) throw new Error('usage: node tests/replay/record.ts WORKFLOW_ID SHAPE [RUN_ID]');
const file = path.join(import.meta.dirname, '..', 'fixtures', 'histories', `${shape}.json`);
if (existsSync(file)) throw new Error(`${file} exists: recorded histories are not re-recorded`);

const settings = loadSettings();
const shown = execFileSync(
  path.join(settings.stackDir, 'bin', 'temporal'),
  [
    'workflow',
    'show',
    '--workflow-id',
    workflowId,
    '--output',
    'json',
    '--address',
    settings.temporal.address,
    ...(runId ? ['--run-id', runId] : []),
  ],
  { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
);
writeFileSync(file, `${withoutMachine(JSON.stringify(JSON.parse(shown), null, 1))}\n`);

/** Replaces machine names in payloads (base64 JSON), such as file:// addresses, worker identities and stack traces. */
function withoutMachine(text: string): string {
  return text
    .replaceAll(/"data": "([A-Za-z0-9+/=]+)"/g, (_, data: string) => {
      const payload = Buffer.from(data, 'base64').toString('utf8');
      const clean = payload.replaceAll(/file:\/\/[^"\s]*\//g, 'file:///data/');
      return `"data": "${Buffer.from(clean, 'utf8').toString('base64')}"`;
    })
    .replaceAll(/"stackTrace": "(?:[^"\\]|\\.)*"/g, '"stackTrace": ""')
    .replaceAll(/"identity": "[^"]*"/g, '"identity": "recorded"')
    .replaceAll(/file:\/\/[^"\s\\]*\//g, 'file:///data/');
}
