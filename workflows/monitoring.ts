import { ApplicationFailure, log, patched } from '@temporalio/workflow';
import { addMonths } from '../contracts/calendar.ts';
import { FORMER_PLACE } from '../contracts/former-place.ts';
import { buildFrame, checkDrift, frameWithoutTrips, recordDrift } from './activities.ts';
import {
  isFailure,
  monitoredData,
  type DataWithoutTrips,
  type DataWithTrips,
  type Monitored,
  type Scope,
} from './monitored-data.ts';
import { systemFacts } from './system-facts.ts';
import { notify } from './notify.ts';
import { ProgressTracker, setSearchAttribute } from './progress.ts';
import { retrain } from './retrain.ts';
import { rootMessage } from './root-message.ts';
import { scorePublishedMonths } from './score-published-months.ts';
import { scheduledMonth, scheduledTime, weeksEndingIn } from './scheduled-month.ts';
import { upgradeIf } from './versioning-of-run.ts';
import { MonitoringInput, type MonitoringResult } from '../contracts/workflows/monitoring.ts';
import { parseInput } from '../contracts/parse-input.ts';
import type { DriftCheck } from '../contracts/activities/drift.ts';

/** Compares current with the reference by ISO week, records the metrics, and carries out the decision. */
export async function monitoring(raw: MonitoringInput): Promise<MonitoringResult> {
  const parsed = parseInput('monitoring', MonitoringInput, raw);
  const progress = new ProgressTracker(['data', 'frames', 'drift', 'record', 'scores', 'retrain']);
  if (!parsed.current && !scheduledTime()) throw withoutMonths();
  const waitsForApproval = parsed.retrain && parsed.retraining.approval.required;
  await upgradeIf(scheduledTime() !== undefined || waitsForApproval, raw);
  setSearchAttribute('system', parsed.system);
  const input: Monitored = { ...parsed, facts: await systemFacts(parsed.system) };
  const scope = scopeOf(input);
  const { current } = scope;
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
  await scoreOnce(input, data, progress);
  const { model, version, decision, reasons } = check;
  setSearchAttribute('modelVersion', version);
  if (decision === 'alert' || decision === 'retrain') {
    const text = `drift check of version ${version} of ${model}, ${current.from} to ${current.to}: ${decision}. ${reasons[0] ?? ''}`;
    await notify('alert', { model, version, text });
  }
  if (decision !== 'retrain') return withoutRetraining(check, progress, decision);
  if (!input.retrain) {
    return withoutRetraining(check, progress, 'not requested: the input has no {"retrain": true}');
  }
  const retraining = await retrain(input, { model, version, month: current.to }, progress);
  if ('skipped' in retraining) return withoutRetraining(check, progress, retraining.skipped);
  return { ...check, retraining, retrainingSkipped: null };
}

function withoutMonths(): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    'input of monitoring is not valid: current: got nothing, expected a span of months {"from": "YYYY-MM", "to": "YYYY-MM"}; only scheduled runs default to the month before their scheduled time',
    'INVALID_INPUT',
  );
}

/**
 * Returns the scope of the check. An explicit span covers all weeks that it touches. A scheduled month covers the weeks that end
 * in it, so that each week is checked once and as a whole.
 */
function scopeOf(input: Monitored): Scope {
  // Runs from before runs carried facts were scheduled in New York's time.
  const month = scheduledMonth(input.facts ?? FORMER_PLACE);
  const current = input.current ?? month!;
  const days = input.current ? undefined : weeksEndingIn(current.to);
  return {
    reference: input.reference ?? { from: addMonths(current.from, -12), to: addMonths(current.to, -12) },
    current,
    months: days ? { from: days.from.slice(0, 7), to: current.to } : current,
    days,
    scheduled: month !== undefined,
  };
}

/** Checks the weather alone. Returns undefined for a scheduled run with incomplete weather, which then waits for the trips. */
async function earlyCheck(
  input: Monitored,
  scope: Scope,
  data: DataWithoutTrips,
  progress: ProgressTracker,
): Promise<Checked | undefined> {
  try {
    return await checkOnce(input, scope, data, progress);
  } catch (error) {
    if (!scope.scheduled || !isFailure(error, 'BAD_WEATHER') || !patched('early-check-may-wait')) throw error;
    log.warn(`no check before the trips are published: ${rootMessage(error)}`);
    progress.skip('frames', 'the weather of the month is incomplete; waits for the trips');
    return undefined;
  }
}

/** Scores forecasts of the months. `ingest` did it for those that it made; these may have been in place before their forecasts. */
async function scoreOnce(
  { system, cache }: Monitored,
  { dataset }: Pick<DataWithTrips, 'dataset'>,
  progress: ProgressTracker,
): Promise<void> {
  if (!patched('score-forecasts'))
    return progress.skip('scores', 'the run began before forecasts were scored');
  await progress.run('scores', () => scorePublishedMonths({ system, dataset, cache }, []));
}

type Checked = DriftCheck & { readonly rows: number };

async function checkOnce(
  input: Monitored,
  { reference, months, days }: Scope,
  data: DataWithTrips | DataWithoutTrips,
  progress: ProgressTracker,
): Promise<Checked> {
  const { system, facts, cache } = input;
  const frames = await progress.run('frames', async () => {
    const [before, after] = await Promise.all([
      buildFrame({ dataset: data.dataset, span: reference, cache }),
      data.withTrips
        ? buildFrame({ dataset: data.dataset, span: months, cache })
        : frameWithoutTrips({
            system,
            facts,
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
      facts,
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
