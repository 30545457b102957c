import { expect, it } from 'vitest';
import { StepLogs } from '../../../adapters/temporal/step-logs.ts';
import { CitibikeError } from '../../../contracts/errors.ts';

const STEP = {
  activityId: '7',
  activityType: 'fetchFile',
  attempt: 2,
  workflowExecution: { workflowId: 'ingest-1', runId: 'run-1' },
};
const META = { activityId: '7', attempt: 2, workflowId: 'ingest-1', workflowRunId: 'run-1', bytes: 5 };

function recorder() {
  const written = new Map<string, string>();
  const puts: [uri: string, text: string][] = [];
  const buckets = { artifacts: 'artifacts', mlflow: 'mlflow', data: 'data' };
  const put = async (uri: string, body: Uint8Array | string) => {
    written.set(uri, String(body));
    puts.push([uri, String(body)]);
    return '';
  };
  return { written, puts, logs: new StepLogs({ buckets, put }, () => undefined) };
}

it('stores the log of an attempt and the causes of its failure under run, step and attempt', async () => {
  const { written, logs } = recorder();
  logs.started(STEP, 'worker 1');
  logs.logged('WARN', 'resuming', META);
  logs.logged('WARN', 'of another step', { ...META, activityId: '8' });
  logs.ended(STEP, 'failed', new CitibikeError('BAD_ARCHIVE', 'truncated', {}, { cause: new Error('EOF') }));
  await logs.close();
  const text = written.get('s3://artifacts/ingest-1/logs/run-1/7-2.log') ?? '';
  const lines = text.split('\n').map((line) => line.replace(/^\S+Z /, ''));
  expect(lines.slice(0, 4)).toEqual([
    'INFO  fetchFile, attempt 2, on worker 1',
    'WARN  resuming bytes=5',
    'ERROR failed [BAD_ARCHIVE]: truncated',
    'ERROR caused by: EOF',
  ]);
});

it('writes the lines of a running step within a second, so that they outlive the worker', async () => {
  const { written, logs } = recorder();
  logs.started(STEP, 'worker 1');
  logs.logged('INFO', 'epoch 1 of 25', META);
  await expect
    .poll(() => written.get('s3://artifacts/ingest-1/logs/run-1/7-2.log'))
    .toContain('epoch 1 of 25');
});

it('divides a long log into objects, whose text only grows', async () => {
  const { written, puts, logs } = recorder();
  logs.started(STEP, 'worker 1');
  for (let i = 0; i < 3_000; i += 1) logs.logged('INFO', `line ${i}`, META);
  await logs.close();
  logs.ended(STEP, 'completed');
  await logs.close();
  const uris = [...written.keys()].map((uri) => uri.replace('s3://artifacts/ingest-1/logs/run-1/', ''));
  expect(uris).toEqual(['7-2.log', '7-2.1.log', '7-2.2.log']);
  const text = [...written.values()].join('');
  expect(text.match(/line \d+ /g)).toHaveLength(3_000);
  expect(text.endsWith('INFO  completed\n')).toBe(true);
  for (const [uri, earlier] of puts) expect(written.get(uri)!.startsWith(earlier)).toBe(true);
});
