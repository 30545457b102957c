/**
 * Records the history of a closed run as a replay fixture: node tests/replay/record.ts WORKFLOW_ID SHAPE
 * A history binds for good, so an existing one is never overwritten. Paths of the machine it ran on are replaced.
 */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { connectClient } from '../../adapters/temporal/connect.ts';
import { loadSettings } from '../../settings.ts';

const [workflowId, shape] = process.argv.slice(2);
if (!workflowId || !shape) throw new Error('usage: node tests/replay/record.ts WORKFLOW_ID SHAPE');
const file = path.join(import.meta.dirname, '..', 'fixtures', 'histories', `${shape}.json`);
if (existsSync(file)) throw new Error(`${file} exists: recorded histories are not re-recorded`);

const { client, connection } = await connectClient(loadSettings().temporal);
try {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  const text = JSON.stringify(JSON.parse(historyToJSON(history)), null, 1);
  writeFileSync(file, `${withoutMachine(text)}\n`);
} finally {
  await connection.close();
}

/** Payloads are base64 JSON: file:// addresses in them, and worker identities, name the machine. */
function withoutMachine(text: string): string {
  return text
    .replaceAll(/"data": "([A-Za-z0-9+/=]+)"/g, (_, data: string) => {
      const payload = Buffer.from(data, 'base64').toString('utf8');
      const clean = payload.replaceAll(/file:\/\/[^"\s]*\//g, 'file:///data/');
      return `"data": "${Buffer.from(clean, 'utf8').toString('base64')}"`;
    })
    .replaceAll(/"identity": "[^"]*"/g, '"identity": "recorded"')
    .replaceAll(/file:\/\/[^"\s\\]*\//g, 'file:///data/');
}
