import { expect, it } from 'vitest';
import { MergedLog } from '../../../console/api/merged-log.ts';
import type { StepBody } from '../../../console/api/schemas/runs.ts';
import type { AttemptParts } from '../../../console/api/step-log-reader.ts';

const TEXTS: Readonly<Record<string, string>> = {
  'life 1': '2025-01-01T00:00:00.000Z INFO  begins\n2025-01-01T00:00:09.000Z INFO  ends\n',
  'life-training 1': '2025-01-01T00:00:03.000Z INFO  epoch 1\n  a line that continues it\n',
  'life-training 2': '2025-01-01T00:00:05.000Z INFO  evaluates\n',
  'life-training 3': '2025-01-01T00:00:06.000Z INFO  evaluates again\n',
};

const step = (id: string, name: string, childWorkflowId?: string) =>
  ({
    id,
    name,
    ...(childWorkflowId && { childWorkflowId, childRunId: `${childWorkflowId}-run` }),
  }) as StepBody;

const STEPS: Readonly<Record<string, readonly StepBody[]>> = {
  life: [step('1', 'notify'), step('2', 'training', 'life-training')],
  'life-training': [step('1', 'trainModel'), step('2', 'evaluate'), step('3', 'evaluate')],
};

const merged = new MergedLog(
  {
    steps: async (workflowId) => ({ runId: `${workflowId}-run`, steps: STEPS[workflowId] ?? [] }),
  },
  {
    objectsOf: async ({ workflowId }) =>
      Object.entries(TEXTS).flatMap(([name, text], i): AttemptParts[] => {
        const [run, id] = name.split(' ') as [string, string];
        if (run !== workflowId) return [];
        return [
          {
            step: id,
            attempt: 1,
            bytes: text.length,
            updatedAt: `2025-01-0${i + 1}`,
            parts: [{ uri: name, part: 0, bytes: 1 }],
          },
        ];
      }),
    endOf: async ({ parts }, most) => (TEXTS[parts[0]!.uri] ?? '').slice(-most),
  },
);

it('merges the lines of all steps and child runs by time, each after the name of its step', async () => {
  expect((await merged.text('life', undefined, 10_000)).split('\n')).toEqual([
    'notify | 2025-01-01T00:00:00.000Z INFO  begins',
    'training.trainModel | 2025-01-01T00:00:03.000Z INFO  epoch 1',
    'training.trainModel |   a line that continues it',
    'training.evaluate#2 | 2025-01-01T00:00:05.000Z INFO  evaluates',
    'training.evaluate#3 | 2025-01-01T00:00:06.000Z INFO  evaluates again',
    'notify | 2025-01-01T00:00:09.000Z INFO  ends',
    '',
  ]);
});

it('reads the attempts that were written last if the log is too long', async () => {
  const text = await merged.text('life', undefined, 60);
  expect(text).toContain('evaluates again');
  expect(text).not.toContain('begins');
});

it('is empty for a run without any log', async () => {
  expect(await merged.text('other', undefined, 10_000)).toBe('');
});
