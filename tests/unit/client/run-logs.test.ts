import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { printRunLogs } from '../../../client/run-logs.ts';
import { PORTS } from '../../../settings.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const line = (second: number, text: string) => `2025-01-01T00:00:0${second}.000Z INFO  ${text}\n`;

/** Runs by workflow id and run id. Without a run id, the console answers with the newest run, which is the last one. */
const RUNS: Readonly<Record<string, Record<string, { steps: object[]; logs: Record<string, string> }>>> = {
  training: {
    own: {
      steps: [
        { id: '1', name: 'trainModel' },
        // Another run had the id at first.
        { id: 'child:2', name: 'promotion', childWorkflowId: 'promotion-nyc' },
        { id: 'child:3', name: 'promotion', childWorkflowId: 'promotion-nyc', childRunId: 'own' },
      ],
      logs: { 1: line(1, 'epoch 1') },
    },
  },
  'promotion-nyc': {
    own: { steps: [{ id: '1', name: 'pointChampion' }], logs: { 1: line(3, 'version 2') } },
    later: {
      steps: [{ id: '1', name: 'pointChampion' }],
      logs: { 1: line(9, 'version 3 of a later training') },
    },
  },
};

/** Answers like the console. */
function answerTo(path: string, query: URLSearchParams): unknown {
  const [, workflowId = '', rest = ''] = /^\/api\/runs\/([^/]+)(.*)$/.exec(path) ?? [];
  const runId = query.get('runId') ?? Object.keys(RUNS[workflowId]!).at(-1)!;
  const { steps, logs } = RUNS[workflowId]![runId]!;
  if (rest === '') return { run: { runId, state: 'completed' }, steps };
  if (rest === '/logs/attempts')
    return { items: Object.entries(logs).map(([step, text]) => ({ step, attempt: 1, bytes: text.length })) };
  const text = logs[rest.split('/')[2]!]!;
  return { to: text.length, bytes: text.length, text };
}

/** Starts a console. Returns what the command prints. */
async function printed(step?: string): Promise<string> {
  const server = createServer(({ url }, reply) => {
    const { pathname, searchParams } = new URL(url!, 'http://localhost');
    reply.setHeader('content-type', 'application/json');
    reply.end(JSON.stringify({ data: answerTo(pathname, searchParams), upstreams: {} }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  vi.stubEnv('PORT_OFFSET', String((server.address() as AddressInfo).port - PORTS.console));
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await printRunLogs('training', step);
  return written.mock.calls.map(([text]) => String(text)).join('');
}

test('prints the child run that the run started, and no other run of that workflow id', async () => {
  expect((await printed()).split('\n')).toEqual([
    `trainModel | ${line(1, 'epoch 1').trim()}`,
    `promotion.pointChampion | ${line(3, 'version 2').trim()}`,
    '',
  ]);
});

test('leads into the child run by name', async () => {
  expect(await printed('promotion.pointChampion')).toBe(line(3, 'version 2'));
});
