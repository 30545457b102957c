import { DefaultLogger, type LogEntry } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { loggerWithSteps, StepLogs } from '../../../adapters/temporal/step-logs.ts';
import { CitibikeError } from '../../../contracts/errors.ts';

const SECRET = 'pl4nted-s3cret';
const ADDRESS = `https://alice:${SECRET}@host/x?X-Amz-Signature=${SECRET}`;
const STEP = {
  activityId: '7',
  activityType: 'fetchFile',
  attempt: 1,
  workflowExecution: { workflowId: 'w', runId: 'r' },
};

test('the logs of step and worker have no secret, and no line over 4 kB', async () => {
  const written: string[] = [];
  const buckets = { artifacts: 'a', mlflow: 'm', data: 'd' };
  const put = async (_: string, body: Uint8Array | string) => {
    written.push(String(body));
    return '';
  };
  const steps = new StepLogs({ buckets, put }, () => undefined);
  const printed: LogEntry[] = [];
  const logger = loggerWithSteps(new DefaultLogger('INFO', (entry) => printed.push(entry)), steps);
  const meta = { activityId: '7', attempt: 1, workflowId: 'w', workflowRunId: 'r' };
  const cause = new Error(`fetch of ${ADDRESS} failed`);

  steps.started(STEP, 'worker 1');
  logger.warn(`reading ${ADDRESS}`, {
    ...meta,
    url: ADDRESS,
    token: SECRET,
    error: cause,
    rows: { password: SECRET },
  });
  logger.warn('é'.repeat(100_000), { ...meta, line: 'é'.repeat(100_000) });
  steps.ended(STEP, 'failed', new CitibikeError('SOURCE_UNAVAILABLE', ADDRESS, {}, { cause }));
  await steps.close();

  const log = written.join('');
  expect(log).toContain('reading https://***@host/x?X-Amz-Signature=***');
  expect(log).not.toContain(SECRET);
  expect(Math.max(...log.split('\n').map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(4_096);
  const lines = printed.map(({ message, meta: facts }) => `${message} ${JSON.stringify(facts)}`);
  expect(lines).toHaveLength(2);
  expect(lines.join('')).not.toContain(SECRET);
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(4_096);
});
