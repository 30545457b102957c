/** Writes the answers of a request to the prediction log, and separates forecasts from what-if predictions. */
import type { DemandPrediction, HourlyInput } from '../contracts/model.ts';
import { DAY_MS, epochDayOf, HOUR_MS } from '../contracts/calendar.ts';
import { inTurns } from './in-turns.ts';
import type { LoadedModel } from './loaded-model.ts';
import type { PredictionQueue } from './prediction-queue.ts';
import type { Computed } from './canary-run.ts';

const NONE: ReadonlySet<number> = new Set();

export interface AnsweredRequest {
  readonly id: string;
  /** True if no row of the request is a forecast of its hour. */
  readonly isWhatIf: boolean;
  /** Rows as the caller sent them. */
  readonly rows: readonly object[];
}

export function logPredictions(
  log: PredictionQueue,
  { id: requestId, isWhatIf, rows }: AnsweredRequest,
  { loggedAs }: LoadedModel,
  { hours, answers, ms: latencyMs }: Computed,
): Promise<void> | undefined {
  const predictedAtMs = Date.now();
  const scenarios = isWhatIf || rows.length === 1 ? NONE : scenarioHours(hours, answers);
  return inTurns(answers, (slice, first) => {
    for (let i = 0; i < slice.length; i++) {
      const rowIndex = first + i;
      const targetHourMs = targetHourOf(hours[rowIndex]!);
      log.add(isWhatIf || scenarios.has(targetHourMs) ? loggedAs.whatIf : loggedAs.forecast, {
        requestId,
        rowIndex,
        predictedAtMs,
        targetHourMs,
        features: rows[rowIndex]!,
        prediction: slice[i]!.prediction,
        latencyMs,
      });
    }
  });
}

/**
 * Returns the hours that the request asks for more than once with different answers. At most one of these rows can be the
 * forecast, and it cannot be identified.
 */
function scenarioHours(
  hours: readonly HourlyInput[],
  answers: readonly DemandPrediction[],
): ReadonlySet<number> {
  const predictions = new Map<number, number>();
  const scenarios = new Set<number>();
  for (const [i, { prediction }] of answers.entries()) {
    const hour = targetHourOf(hours[i]!);
    if ((predictions.get(hour) ?? prediction) !== prediction) scenarios.add(hour);
    predictions.set(hour, prediction);
  }
  return scenarios;
}

function targetHourOf({ date, hour }: HourlyInput): number {
  return epochDayOf(date) * DAY_MS + hour * HOUR_MS;
}
