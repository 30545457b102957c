import { expect, it } from 'vitest';
import { MergedLog } from '../../../console/api/merged-log.ts';
import type { StepBody } from '../../../console/api/schemas/runs.ts';
import type { AttemptParts } from '../../../console/api/step-log-reader.ts';

interface RunOfTest {
  readonly steps: readonly StepBody[];
  /** Objects of the log of each step. */
  readonly logs: Readonly<Record<string, readonly string[]>>;
}

const step = (id: string, name: string, childWorkflowId?: string, childRunId?: string) =>
  ({ id, name, ...(childWorkflowId && { childWorkflowId }), ...(childRunId && { childRunId }) }) as StepBody;

const at = (second: number, text: string) =>
  `2025-01-01T00:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}.000Z INFO  ${text}\n`;

/** Merges the logs of runs by `workflow id` and `run id`. `read` counts the objects that were read. */
function mergedOf(runs: Readonly<Record<string, RunOfTest>>) {
  const counts = { read: 0 };
  const merged = new MergedLog(
    {
      steps: async (workflowId, runId = 'newest') => ({
        runId,
        steps: runs[`${workflowId} ${runId}`]?.steps ?? [],
      }),
    },
    {
      objectsOf: async ({ workflowId, runId }) =>
        Object.entries(runs[`${workflowId} ${runId}`]?.logs ?? {}).map(([id, texts]): AttemptParts => ({
          step: id,
          attempt: 1,
          bytes: Buffer.byteLength(texts.join('')),
          updatedAt: texts.at(-1)!.match(/^\S+Z/gm)!.at(-1)!,
          parts: texts.map((uri, part) => ({ uri, part, bytes: Buffer.byteLength(uri) })),
        })),
      fromEnd: async function* ({ parts }): AsyncGenerator<string, undefined> {
        for (const { uri } of parts.toReversed()) {
          counts.read += 1;
          yield uri;
        }
      },
    },
  );
  const lines = async (most = 10_000) =>
    (await merged.text('life', undefined, most)).split('\n').slice(0, -1);
  return { lines, counts };
}

const LIFE: Readonly<Record<string, RunOfTest>> = {
  'life newest': {
    steps: [step('1', 'notify'), step('2', 'training', 'life-training', 'a')],
    logs: { 1: [at(0, 'begins'), at(9, 'ends')] },
  },
  'life-training a': {
    steps: [step('1', 'trainModel'), step('2', 'evaluate'), step('3', 'evaluate')],
    logs: {
      1: [`${at(3, 'epoch 1')}  a line that\n`, `  continues it\n${at(4, 'epoch 2')}`],
      2: [at(5, 'evaluates')],
      3: [at(6, 'evaluates again')],
    },
  },
};

it('merges the lines of all steps and child runs by time, each after the name of its step', async () => {
  expect(await mergedOf(LIFE).lines()).toEqual([
    'notify | 2025-01-01T00:00:00.000Z INFO  begins',
    'training.trainModel | 2025-01-01T00:00:03.000Z INFO  epoch 1',
    'training.trainModel |   a line that',
    'training.trainModel |   continues it',
    'training.trainModel | 2025-01-01T00:00:04.000Z INFO  epoch 2',
    'training.evaluate#2 | 2025-01-01T00:00:05.000Z INFO  evaluates',
    'training.evaluate#3 | 2025-01-01T00:00:06.000Z INFO  evaluates again',
    'notify | 2025-01-01T00:00:09.000Z INFO  ends',
  ]);
});

it('has the end of a log that is too long, without gaps, and never more bytes than asked', async () => {
  const whole = await mergedOf(LIFE).lines();
  for (let most = 1; most < 600; most += 7) {
    const lines = await mergedOf(LIFE).lines(most);
    expect(lines).toEqual(whole.slice(-lines.length));
    // The last entry is there even if it is longer.
    if (lines.length > 1) expect(`${lines.join('\n')}\n`.length).toBeLessThanOrEqual(most);
  }
  // A step that logs much and for long does not displace the last lines of others.
  const epochs = Array.from({ length: 1_000 }, (_, i) => at(2 + i, `epoch ${i}`));
  const busy = {
    'life newest': {
      steps: [step('1', 'trainModel'), step('2', 'notify')],
      logs: { 1: [epochs.slice(0, 500).join(''), epochs.slice(500).join('')], 2: [at(990, 'sent')] },
    },
  };
  const { lines } = mergedOf(busy);
  const last = await lines(1_000);
  expect(last.filter((line) => line.startsWith('notify'))).toEqual([`notify | ${at(990, 'sent').trim()}`]);
  expect(last.at(-1)).toContain('epoch 999');
});

it('reads no more of a long log than its end needs', async () => {
  const { lines, counts } = mergedOf({
    'life newest': {
      steps: [step('1', 'fetch'), step('2', 'train')],
      logs: {
        1: Array.from({ length: 50 }, (_, i) => at(i, 'fetched')),
        2: Array.from({ length: 50 }, (_, i) => at(600 + i, 'epoch')),
      },
    },
  });
  await lines(1_000);
  expect(counts.read).toBeLessThan(30);
});

it('has no lines of another run with the workflow id of a child that did not start', async () => {
  const { lines } = mergedOf({
    'life newest': {
      steps: [
        ...Array.from({ length: 40 }, (_, i) => step(`child:${i}`, 'promotion', 'promotion-nyc')),
        step('child:99', 'promotion', 'promotion-nyc', 'own'),
      ],
      logs: {},
    },
    'promotion-nyc own': { steps: [step('1', 'pointChampion')], logs: { 1: [at(1, 'own')] } },
    'promotion-nyc newest': { steps: [step('1', 'pointChampion')], logs: { 1: [at(2, 'of another')] } },
  });
  expect(await lines()).toEqual([`promotion.pointChampion | ${at(1, 'own').trim()}`]);
});

it('is empty for a run without any log', async () => {
  expect(await mergedOf({}).lines()).toEqual([]);
});
