/** Measures the cost of one default training, as the workflow `training` runs it on the running stack. */
import os from 'node:os';
import type { Client } from '@temporalio/client';
import { startWorkflow } from '../../client/start.ts';
import type { TrainingResult } from '../../contracts/workflows/training.ts';
import type { BenchReport, ReportBench } from './harness/bench.ts';
import { markdownTable } from './harness/report.ts';
import { withRunningStack } from './harness/running-stack.ts';
import { watchTrainer, type TrainerCost } from './harness/watch-trainer.ts';

const SPANS = {
  train: { from: '2024-01', to: '2024-12' },
  test: { from: '2025-01', to: '2025-03' },
} as const;

/** Is the model name of the bench, so that it replaces no champion. */
const MODEL = 'citibike-bench';

interface Training {
  readonly result: TrainingResult;
  readonly trainer: TrainerCost;
  /** Duration of the activity `trainModel`, from scheduled to completed. */
  readonly wallSeconds: number;
}

async function train(client: Client, workerPid: number): Promise<Training> {
  const handle = await startWorkflow(client, 'training', { ...SPANS, model: MODEL, cache: false });
  // The name of a training's folder derives from its input and its worker (activities/train/work-folder.ts).
  const trainer = watchTrainer((folder) => folder.includes(`-${workerPid}-`));
  const result = (await handle.result()) as TrainingResult;
  const { events } = await handle.fetchHistory();
  const at = (
    type: 'activityTaskScheduledEventAttributes' | 'activityTaskCompletedEventAttributes',
    id?: unknown,
  ) => {
    const found = events?.find((event) =>
      type === 'activityTaskScheduledEventAttributes'
        ? event[type]?.activityType?.name === 'trainModel'
        : String(event[type]?.scheduledEventId) === String(id),
    );
    if (!found) throw new Error(`the history of ${handle.workflowId} has no ${type} of trainModel`);
    const { seconds, nanos } = found.eventTime!;
    return { id: found.eventId, seconds: Number(seconds) + (nanos ?? 0) / 1e9 };
  };
  const scheduled = at('activityTaskScheduledEventAttributes');
  const completed = at('activityTaskCompletedEventAttributes', scheduled.id);
  return { result, trainer: await trainer, wallSeconds: completed.seconds - scheduled.seconds };
}

function reportOf({ result, trainer, wallSeconds }: Training, load: number): BenchReport {
  const overhead = (wallSeconds - trainer.seconds) / wallSeconds;
  const peak = trainer.peakBytes / 1e6;
  const judged = (text: string, passes: boolean, measured: string) => ({
    text,
    judgement: { passes, measured },
  });
  return {
    command: 'make bench BENCH=training DATA=FOLDER',
    blocks: [
      `Workflow \`training\` on the running stack, New York, ${SPANS.train.from} to ${SPANS.train.to}, defaults, backend ${result.backend}, load ${load.toFixed(1)} before it. The trainer is watched through /proc from its spawn to its exit; the activity lasts from scheduled to completed, by Temporal's history.`,
      markdownTable(
        ['', 'figure'],
        [
          ['trainer, CPU', `${trainer.cpuSeconds.toFixed(1)} s`],
          ['trainer, from spawn to exit', `${trainer.seconds.toFixed(1)} s`],
          ['trainer, peak memory', `${peak.toFixed(0)} MB`],
          ['activity trainModel', `${wallSeconds.toFixed(1)} s`],
          ['of it not the trainer', `${(100 * overhead).toFixed(1)} %`],
          ['RMSE on later months', result.metrics.rmse.toFixed(1)],
        ],
      ),
    ],
    judgedTargets: [
      judged(
        'trainer: at most 60 s of CPU on WASM',
        result.backend === 'wasm' && trainer.cpuSeconds <= 60,
        `${trainer.cpuSeconds.toFixed(1)} s on ${result.backend}`,
      ),
      judged('trainer: peak memory at most 400 MB', peak <= 400, `${peak.toFixed(0)} MB`),
      judged(
        'at most 5 % of the activity is not the trainer',
        overhead <= 0.05,
        `${(100 * overhead).toFixed(1)} %, ${(wallSeconds - trainer.seconds).toFixed(2)} s`,
      ),
    ],
  };
}

export const bench: ReportBench = {
  name: 'training',
  title: 'One default training',
  onDemand: 'needs the running stack and real trips',
  measure: (context) =>
    withRunningStack(
      { from: SPANS.train.from, to: SPANS.test.to },
      async ({ client, workerPid }): Promise<BenchReport> => {
        context.log('  training by the workflow, nothing of it found');
        const load = os.loadavg()[0]!;
        return reportOf(await train(client, workerPid), load);
      },
    ),
};
