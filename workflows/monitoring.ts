import {
  ApplicationFailure,
  ActivityFailure,
  ChildWorkflowFailure,
  ParentClosePolicy,
  executeChild,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { ArtifactRef } from '../contracts/artifact.ts';
import { MonitoringInput, TrainingInput, parseInput } from '../contracts/inputs.ts';
import { addMonths, monthsOf, type MonthSpan } from '../contracts/months.ts';
import type { MonitoringResult } from '../contracts/results.ts';
import { buildFrame, checkDrift, recordDrift, resolveDataset } from './activities.ts';
import { ingest } from './ingest.ts';
import { notify } from './notify.ts';
import { ProgressTracker, setSearchAttribute } from './progress.ts';
import { scheduledMonth } from './scheduled-month.ts';
import { training } from './training.ts';

/** How long a month that is not yet published is waited for; archives come within days of the month's end, sometimes weeks. */
const DAYS_TO_WAIT_FOR_A_MONTH = 45;

/** Months a retraining is fitted on. */
const RETRAINING_MONTHS = 12;

/** One drift check: reference against current by ISO week, into `citibike_metrics`, ending in a decision. */
export async function monitoring(raw: MonitoringInput): Promise<MonitoringResult> {
  const input = parseInput('monitoring', MonitoringInput, raw);
  const progress = new ProgressTracker(['data', 'frames', 'drift', 'record', 'retrain']);
  const scheduled = scheduledMonth();
  const current = input.current ?? scheduled;
  if (!current) {
    throw ApplicationFailure.nonRetryable(
      'input of monitoring is not valid: current: got nothing, expected a span of months {"from": "YYYY-MM", "to": "YYYY-MM"}; only a run started by a schedule takes the month before its scheduled time',
      'INVALID_INPUT',
    );
  }
  const reference = input.reference ?? yearBefore(current);
  const { system, cache } = input;
  setSearchAttribute('system', system);
  setSearchAttribute('month', `${current.from}..${current.to}`);

  const dataset = await progress.run('data', () =>
    dataOf(input, reference, current, scheduled !== undefined),
  );
  const frames = await progress.run('frames', async () => {
    const [referenceFrame, currentFrame] = await Promise.all([
      buildFrame({ dataset, span: reference, cache }),
      buildFrame({ dataset, span: current, cache }),
    ]);
    return {
      reference: referenceFrame.ref,
      current: currentFrame.ref,
      cached: referenceFrame.cached && currentFrame.cached,
    };
  });
  const check = await progress.run('drift', () =>
    checkDrift({
      system,
      reference: frames.reference,
      current: frames.current,
      cache,
      ...(input.model ? { model: input.model } : {}),
    }),
  );
  setSearchAttribute('modelVersion', check.version);
  const { rows } = await progress.run('record', () =>
    recordDrift({ report: check.report, html: check.html }),
  );
  if (check.decision === 'alert' || check.decision === 'retrain') {
    const { model, version, decision, reasons } = check;
    const text = `drift check of version ${version} of ${model}, ${current.from} to ${current.to}: ${decision}. ${reasons[0] ?? ''}`;
    await notify('alert', { model, version, text });
  }
  const retraining = await retrainIfDecided(input, current, check.decision, progress);
  return { ...check, rows, retraining };
}

function yearBefore(span: MonthSpan): MonthSpan {
  return { from: addMonths(span.from, -12), to: addMonths(span.to, -12) };
}

/** The data set given, else the newest one ingested, else ingested now; a schedule waits until the month is published. */
async function dataOf(
  input: MonitoringInput,
  reference: MonthSpan,
  current: MonthSpan,
  wait: boolean,
): Promise<ArtifactRef> {
  if (input.dataset) return input.dataset;
  const { system, rules, cache } = input;
  const months = [...new Set([...monthsOf(reference), ...monthsOf(current)])];
  try {
    return (await resolveDataset({ system, rules, months })).dataset;
  } catch (error) {
    if (!isMissingMonths(error)) throw error;
  }
  for (let day = 0; ; day++) {
    try {
      const made = await executeChild(ingest, {
        workflowId: `${workflowInfo().workflowId}-ingest`,
        args: [
          {
            ...current,
            also: [reference],
            system,
            rules,
            cache,
            allowMissing: false,
            requireWeather: true,
            ...(input.source ? { source: input.source } : {}),
          },
        ],
      });
      return made.dataset;
    } catch (error) {
      if (!wait || day >= DAYS_TO_WAIT_FOR_A_MONTH || !isMissingMonths(error)) throw error;
      await sleep('1 day');
    }
  }
}

function isMissingMonths(error: unknown): boolean {
  let cause: unknown = error;
  while (cause instanceof ActivityFailure || cause instanceof ChildWorkflowFailure) cause = cause.cause;
  return cause instanceof ApplicationFailure && cause.type === 'MISSING_MONTHS';
}

async function retrainIfDecided(
  input: MonitoringInput,
  current: MonthSpan,
  decision: string,
  progress: ProgressTracker,
): Promise<string | null> {
  if (decision !== 'retrain' || !input.retrain) {
    progress.skip(
      'retrain',
      decision === 'retrain' ? 'decided, but not asked for ({"retrain": true})' : decision,
    );
    return null;
  }
  const workflowId = `${workflowInfo().workflowId}-training`;
  const lastTrained = addMonths(current.from, -1);
  await progress.run(
    'retrain',
    async () => {
      await startChild(training, {
        workflowId,
        // The check is over; the training takes its own time and its own promotion.
        parentClosePolicy: ParentClosePolicy.ABANDON,
        args: [
          parseInput('training', TrainingInput, {
            system: input.system,
            rules: input.rules,
            train: { from: addMonths(lastTrained, 1 - RETRAINING_MONTHS), to: lastTrained },
            test: current,
            ...(input.model ? { model: input.model } : {}),
          }),
        ],
      });
    },
    workflowId,
  );
  return workflowId;
}
