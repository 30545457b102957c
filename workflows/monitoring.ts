import { ApplicationFailure, log, patched } from '@temporalio/workflow';
import { addMonths } from '../contracts/calendar.ts';
import { buildFrame, checkDrift, frameWithoutTrips, recordDrift } from './activities.ts';
import {
  isFailure,
  monitoredData,
  type DataWithoutTrips,
  type DataWithTrips,
  type Scope,
} from './monitored-data.ts';
import { notify } from './notify.ts';
import { ProgressTracker, setSearchAttribute } from './progress.ts';
import { retrain } from './retrain.ts';
import { rootMessage } from './root-message.ts';
import { scheduledMonth, weeksEndingIn } from './scheduled-month.ts';
import { MonitoringInput, type MonitoringResult } from '../contracts/workflows/monitoring.ts';
import { parseInput } from '../contracts/parse-input.ts';
import type { DriftCheck } from '../contracts/activities/drift.ts';

/** One drift check: reference against current by ISO week, into `citibike_metrics`, ending in a decision that is acted on. */
export async function monitoring(raw: MonitoringInput): Promise<MonitoringResult> {
  const input = parseInput('monitoring', MonitoringInput, raw);
  const progress = new ProgressTracker(['data', 'frames', 'drift', 'record', 'retrain']);
  const scope = scopeOf(input);
  const { current } = scope;
  setSearchAttribute('system', input.system);
  setSearchAttribute('month', `${current.from}..${current.to}`);

  let data = await progress.run('data', (step) => monitoredData(input, scope, false, step));
  if (!data.withTrips) {
    const early = await earlyCheck(input, scope, data, progress);
    if (early && !scope.scheduled) {
      return withoutRetraining(early, progress, 'trips of current are not published');
    }
    data = await progress.run('data', (step) => monitoredData(input, scope, true, step));
  }
  const check = await checkOnce(input, scope, data, progress);
  const { model, version, decision, reasons } = check;
  setSearchAttribute('modelVersion', version);
  if (decision === 'alert' || decision === 'retrain') {
    const text = `drift check of version ${version} of ${model}, ${current.from} to ${current.to}: ${decision}. ${reasons[0] ?? ''}`;
    await notify('alert', { model, version, text });
  }
  if (decision !== 'retrain') return withoutRetraining(check, progress, decision);
  if (!input.retrain) {
    return withoutRetraining(check, progress, 'decided, but not asked for ({"retrain": true})');
  }
  const retraining = await retrain(input, { model, version, month: current.to }, progress);
  if ('refused' in retraining) return withoutRetraining(check, progress, retraining.refused);
  return { ...check, retraining, retrainingSkipped: null };
}

/** An explicit span is cut into the weeks it touches; a scheduled month takes the weeks that end in it, so that each is checked once and whole. */
function scopeOf(input: MonitoringInput): Scope {
  const month = scheduledMonth();
  const current = input.current ?? month;
  if (!current) {
    throw ApplicationFailure.nonRetryable(
      'input of monitoring is not valid: current: got nothing, expected a span of months {"from": "YYYY-MM", "to": "YYYY-MM"}; only a run started by a schedule takes the month before its scheduled time',
      'INVALID_INPUT',
    );
  }
  const days = input.current ? undefined : weeksEndingIn(current.to);
  return {
    reference: input.reference ?? { from: addMonths(current.from, -12), to: addMonths(current.to, -12) },
    current,
    months: days ? { from: days.from.slice(0, 7), to: current.to } : current,
    days,
    scheduled: month !== undefined,
  };
}

/** Undefined where a scheduled run finds the month's weather incomplete too: then it waits for the trips, and checks them alone. */
async function earlyCheck(
  input: MonitoringInput,
  scope: Scope,
  data: DataWithoutTrips,
  progress: ProgressTracker,
): Promise<Checked | undefined> {
  try {
    return await checkOnce(input, scope, data, progress);
  } catch (error) {
    if (!scope.scheduled || !isFailure(error, 'BAD_WEATHER') || !patched('early-check-may-wait')) throw error;
    log.warn(`no check before the trips are published: ${rootMessage(error)}`);
    progress.skip('frames', 'until the trips are published: the weather of the month is not complete');
    return undefined;
  }
}

type Checked = DriftCheck & { readonly rows: number };

async function checkOnce(
  input: MonitoringInput,
  { reference, months, days }: Scope,
  data: DataWithTrips | DataWithoutTrips,
  progress: ProgressTracker,
): Promise<Checked> {
  const { system, cache } = input;
  const frames = await progress.run('frames', async () => {
    const [before, after] = await Promise.all([
      buildFrame({ dataset: data.dataset, span: reference, cache }),
      data.withTrips
        ? buildFrame({ dataset: data.dataset, span: months, cache })
        : frameWithoutTrips({
            system,
            span: months,
            weather: data.weather,
            synthetic: data.synthetic,
            cache,
          }),
    ]);
    return { reference: before.ref, current: after.ref, cached: before.cached && after.cached };
  });
  const check = await progress.run('drift', () =>
    checkDrift({
      system,
      reference: frames.reference,
      current: frames.current,
      cache,
      days,
      model: input.model,
    }),
  );
  const { rows } = await progress.run('record', () =>
    recordDrift({ report: check.report, html: check.html }),
  );
  return { ...check, rows };
}

function withoutRetraining(check: Checked, progress: ProgressTracker, why: string): MonitoringResult {
  progress.skip('retrain', why);
  return { ...check, retraining: null, retrainingSkipped: why };
}
