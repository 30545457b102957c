/** Provides the data of a drift check. Ingests missing months, or uses the weather alone while trips are not published. */
import { DAY_MS, monthsOf } from '../contracts/calendar.ts';
import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  executeChild,
  log,
  patched,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { ArtifactRef } from '../contracts/artifact.ts';
import { messageOf } from '../contracts/errors.ts';
import type { MonthSpan } from '../contracts/months.ts';
import { fetchWeather, listSource, resolveDataset } from './activities.ts';
import { ingest, MONTHS_A_LISTING, tripsSourceWithWeather } from './ingest.ts';
import type { StepHandle } from './progress.ts';
import type { Days } from './scheduled-month.ts';
import { IngestInput } from '../contracts/workflows/ingest.ts';
import { parseInput } from '../contracts/parse-input.ts';
import type { MonitoringInput } from '../contracts/workflows/monitoring.ts';
import { storedRuleSet } from '../contracts/stored-names.ts';
import type { SystemFacts } from '../contracts/systems.ts';

/** Limits the wait for an unpublished month. Archives appear days after the end of a month, sometimes weeks. */
const DAYS_TO_WAIT_FOR_A_MONTH = 45;

/** Represents the input of a drift check with the facts of its system. */
export type Monitored = MonitoringInput & { readonly facts: SystemFacts | undefined };

/** Represents the months and days that a drift check compares. */
export interface Scope {
  readonly reference: MonthSpan;
  /** Requested months. */
  readonly current: MonthSpan;
  /** Months that contain days of the checked weeks. */
  readonly months: MonthSpan;
  /** Days to check. Undefined means all days of `current`. */
  readonly days: Days | undefined;
  /** True if a schedule started the run, which then waits for an unpublished month. */
  readonly scheduled: boolean;
}

export interface DataWithTrips {
  readonly withTrips: true;
  readonly dataset: ArtifactRef;
}

export interface DataWithoutTrips {
  readonly withTrips: false;
  /** Data set of the reference. */
  readonly dataset: ArtifactRef;
  /** Weather of `current`. */
  readonly weather: readonly { readonly year: number; readonly ref: ArtifactRef }[];
  readonly synthetic: boolean;
}

/**
 * Returns data with trips, or without trips if the input or a schedule allows it and the weather is available.
 * @param wait for months that are not published, instead of returning data without trips.
 */
export async function monitoredData(
  input: Monitored,
  scope: Scope,
  wait: boolean,
  step: StepHandle,
): Promise<DataWithTrips | DataWithoutTrips> {
  if (input.dataset) return { withTrips: true, dataset: input.dataset };
  const spans = [scope.reference, scope.months];
  const since = Date.now();
  for (let looks = 1; ; looks++) {
    try {
      const dataset = await ensureMonths(input, spans, wait || looks > 1);
      if (looks > 1) step.detail(`published, found at attempt ${looks}`);
      return { withTrips: true, dataset };
    } catch (error) {
      if (!isFailure(error, 'MISSING_MONTHS')) throw error;
      if (!wait && (scope.scheduled || input.withoutTrips)) {
        const early = await weatherAlone(input, scope);
        if (early) return early;
        if (!scope.scheduled) throw error;
      } else if (!wait || Date.now() - since >= DAYS_TO_WAIT_FOR_A_MONTH * DAY_MS) {
        throw error;
      }
      const days = daysUntilLook(looks);
      step.detail(waitingFor(missingMonths(error), since, days));
      await sleep(days * DAY_MS);
    }
  }
}

/**
 * Returns the days until the next attempt: one in the first week, in which most archives appear, then one more each time, up to five. In 45
 * days it makes about sixteen attempts.
 */
function daysUntilLook(looks: number): number {
  return Math.min(5, Math.max(1, looks - 6));
}

function waitingFor(months: readonly string[], since: number, days: number): string {
  const minute = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  const now = Date.now();
  return `waits for the trips of ${months.join(', ')}, not published at ${minute(now)} UTC; tries again at ${minute(now + days * DAY_MS)}, gives up after ${minute(since + DAYS_TO_WAIT_FOR_A_MONTH * DAY_MS)}`;
}

/**
 * Returns the newest data set of the months, and ingests missing months first.
 * @param look lists the source first, so that a run that waits for weeks does not leave a failed ingest per attempt.
 */
export async function ensureMonths(
  { system, facts, rules, cache, source }: Pick<Monitored, 'system' | 'facts' | 'rules' | 'cache' | 'source'>,
  [first, ...others]: readonly MonthSpan[],
  look = false,
): Promise<ArtifactRef> {
  const spans = [first!, ...others];
  const months = [...new Set(spans.flatMap(monthsOf))].sort();
  try {
    return (await resolveDataset({ system, facts, rules: storedRuleSet(rules), months })).dataset;
  } catch (error) {
    if (!isFailure(error, 'MISSING_MONTHS')) throw error;
  }
  if (look && patched('look-before-ingest')) await lookFor({ system, facts }, months, source?.trips);
  const asked = { ...first, also: others, system, rules, cache, requireWeather: true };
  const made = await executeChild(ingest, {
    workflowId: `${workflowInfo().workflowId}-ingest`,
    args: [parseInput('ingest', IngestInput, { ...asked, source })],
  });
  return made.dataset;
}

/** Checks that the source has all months. @throws ActivityFailure of MISSING_MONTHS */
async function lookFor(
  { system, facts }: Pick<Monitored, 'system' | 'facts'>,
  months: readonly string[],
  source: string | undefined,
): Promise<void> {
  for (let i = 0; i < months.length; i += MONTHS_A_LISTING) {
    const asked = months.slice(i, i + MONTHS_A_LISTING);
    await listSource({ system, facts, months: asked, allowMissing: false, source });
  }
}

/** Returns data without trips. Returns undefined if the weather is not available either. */
async function weatherAlone(input: Monitored, scope: Scope): Promise<DataWithoutTrips | undefined> {
  const dataset = await ensureMonths(input, [scope.reference]);
  const { system, facts, rules, source, cache } = input;
  const { synthetic } = await resolveDataset({
    system,
    facts,
    rules: storedRuleSet(rules),
    months: monthsOf(scope.reference),
  });
  const weatherSource = source?.weather ?? tripsSourceWithWeather(source?.trips);
  const [first, last] = [Number(scope.months.from.slice(0, 4)), Number(scope.months.to.slice(0, 4))];
  try {
    const { weather } = await fetchWeather({
      facts,
      // The first month may need days of the previous year.
      years: Array.from({ length: last - first + 2 }, (_, i) => first - 1 + i),
      synthetic,
      required: true,
      cache,
      source: weatherSource,
    });
    return { withTrips: false, dataset, weather, synthetic };
  } catch (error) {
    if (!isFailure(error, 'SOURCE_NOT_FOUND')) throw error;
    log.warn(`no check before the trips are published: ${messageOf(error)}`);
    return undefined;
  }
}

export function isFailure(error: unknown, code: string): boolean {
  return failureOf(error)?.type === code;
}

/** Returns the months of a MISSING_MONTHS failure. */
function missingMonths(error: unknown): readonly string[] {
  const [details] = failureOf(error)?.details ?? [];
  return (details as { readonly months?: readonly string[] } | undefined)?.months ?? [];
}

function failureOf(error: unknown): ApplicationFailure | undefined {
  let cause: unknown = error;
  while (cause instanceof ActivityFailure || cause instanceof ChildWorkflowFailure) cause = cause.cause;
  return cause instanceof ApplicationFailure ? cause : undefined;
}
