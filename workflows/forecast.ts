import {
  ActivityFailure,
  TimeoutFailure,
  isCancellation,
  log,
  workflowInfo,
  patched,
} from '@temporalio/workflow';
import { messageOf } from '../contracts/errors.ts';
import type { ArtifactRef } from '../contracts/artifact.ts';
import type { ForecastPlan } from '../contracts/activities/forecast.ts';
import { DAY_MS, monthsOf } from '../contracts/calendar.ts';
import { parseInput } from '../contracts/parse-input.ts';
import type { SystemFacts } from '../contracts/systems.ts';
import type { WeatherIssue } from '../contracts/weather-forecast.ts';
import { ForecastInput, type ForecastResult } from '../contracts/workflows/forecast.ts';
import { zoneClock } from '../contracts/zone-clock.ts';
import {
  buildFrame,
  fetchForecast,
  fetchForecastOnce,
  fetchObservations,
  forgetForecasts,
  issueForecast,
  planForecast,
  resolveDataset,
  resolveSystem,
} from './activities.ts';
import { isFailure } from './monitored-data.ts';
import { ProgressTracker, setSearchAttribute, type StepHandle } from './progress.ts';

/** Sets the days after which a station has published a day. The first days of a year need those of the year before. */
const PUBLISHED_AFTER_DAYS = 10;

const WAITS = 'retries for 15 minutes at most; wait: false asks once';

/** Forecasts the next seven days. A failed fetch keeps the last issue, or uses climatology where none reaches the next day. */
export async function forecast(raw: Partial<ForecastInput> = {}): Promise<ForecastResult> {
  const input = parseInput('forecast', ForecastInput, raw);
  const progress = new ProgressTracker(['weather', 'level', 'forecast', 'retention']);
  setSearchAttribute('system', input.system);
  const facts = await resolveSystem({ system: input.system });

  const { fetched, failure } = await progress.run('weather', async (step) => {
    const [weather] = await Promise.all([
      fetchedWeather(input, facts, step),
      readObservations(facts, input.cache),
    ]);
    return weather;
  });
  const data = await progress.run('level', (step) => levelData(input, facts, fetched, step));
  if ('missing' in data) {
    for (const step of ['forecast', 'retention']) progress.skip(step, data.missing);
    return {
      system: input.system,
      version: null,
      hours: 0,
      written: false,
      kept: false,
      reason: data.missing,
      weatherFailure: failure,
    };
  }
  const { plan, publishedFrame } = data;
  setSearchAttribute('modelVersion', plan.version);
  const { model, version, chosenAt, system, weather } = plan;
  const issued = plan.kept
    ? { ...plan.kept, written: false }
    : await progress.run('forecast', () =>
        issueForecast({
          facts,
          plan: { model, version, chosenAt, system, weather },
          startedAt: workflowInfo().startTime.toISOString(),
          publishedFrame,
          seed: input.seed,
        }),
      );
  const reason = reasonOf(plan, failure, issued);
  if (plan.kept) progress.skip('forecast', reason ?? '');
  await progress.run('retention', () => forgetForecasts({ system, model }));
  const { issuedAt, provider, level, hours, written } = issued;
  const issue = { version: issued.version, issuedAt, provider, level, hours };
  const kept = plan.kept !== null;
  return { system, model, ...issue, written, kept, reason, weatherFailure: failure };
}

/** Represents the outcome of a fetch: the forecast, or why there is none. */
interface Weather {
  readonly fetched: WeatherIssue | null;
  readonly failure: string | null;
  readonly cached?: boolean;
}

async function fetchedWeather(
  { system, source, wait }: ForecastInput,
  facts: SystemFacts,
  step: StepHandle,
): Promise<Weather> {
  if (wait) step.detail(WAITS);
  try {
    const fetchIt = wait ? fetchForecast : fetchForecastOnce;
    const { provider, issuedAt, issueDay, cached } = await fetchIt({ system, facts, source });
    step.detail(`${provider}, issued ${issuedAt}`);
    return { fetched: { provider, issuedAt, issueDay }, failure: null, cached };
  } catch (error) {
    if (isCancellation(error)) throw error;
    const failure = failureText(error);
    log.warn(`no new weather forecast: ${failure}`);
    step.skip(`no new weather forecast: ${failure}`);
    return { fetched: null, failure };
  }
}

/** Stores the days that the station has published since. Without them, the last forecasts of these days are used. */
async function readObservations(facts: SystemFacts, cache: boolean): Promise<void> {
  const now = Date.now();
  const yearAt = (time: number) => Number(zoneClock(facts.timeZone).monthAt(new Date(time)).slice(0, 4));
  const years = [...new Set([yearAt(now - PUBLISHED_AFTER_DAYS * DAY_MS), yearAt(now)])];
  try {
    await fetchObservations({ facts, years, synthetic: false, required: false, cache });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn(`no new observations of the weather: ${failureText(error)}`);
  }
}

interface LevelData {
  readonly plan: ForecastPlan;
  readonly publishedFrame: ArtifactRef | null;
}

/** Chooses what to issue, and prepares the published months that its level is estimated from. */
async function levelData(
  { system, model, cache }: ForecastInput,
  facts: SystemFacts,
  fetched: WeatherIssue | null,
  step: StepHandle,
): Promise<LevelData | { readonly missing: string }> {
  let plan: ForecastPlan;
  try {
    plan = await planForecast({ system, facts, model, fetched });
  } catch (error) {
    // A schedule may start before the first promotion, and then every run would report a failure.
    if (!isFailure(error, 'MODEL_NOT_FOUND') || !patched('forecast-needs-champion')) throw error;
    const missing = failureText(error);
    step.detail(missing);
    return { missing };
  }
  const { published, rules, synthetic } = plan;
  if (!published) return { plan, publishedFrame: null };
  try {
    const data = await resolveDataset({ system, facts, rules, months: monthsOf(published) });
    if (data.synthetic !== synthetic) {
      step.detail('level 1: the published months are not of the kind that the version was trained on');
      return { plan, publishedFrame: null };
    }
    const frame = await buildFrame({ dataset: data.dataset, span: published, cache });
    step.detail(`${published.from} to ${published.to}`);
    return { plan, publishedFrame: frame.ref };
  } catch (error) {
    // Months may be ingested without their weather, or be removed meanwhile.
    if (!isFailure(error, 'BAD_WEATHER') && !isFailure(error, 'MISSING_MONTHS')) throw error;
    step.detail(`level 1: ${failureText(error)}`);
    return { plan, publishedFrame: null };
  }
}

function reasonOf(
  { weather, kept, version }: ForecastPlan,
  failure: string | null,
  issued: Awaited<ReturnType<typeof issueForecast>>,
): string | null {
  if (kept) return failure ?? `version ${version} has issued the forecast of this weather already`;
  const source = weather ? `the weather forecast of ${weather.issuedAt}` : 'climatology';
  const reasons = [
    failure === null ? null : `${source} is used: ${failure}`,
    issued.version === version
      ? null
      : `the issue of version ${issued.version} stays, because it was chosen later`,
    issued.note,
  ];
  return reasons.filter((reason) => reason).join('; ') || null;
}

/** Returns the message of the activity's own error. Its causes may name addresses. */
function failureText(error: unknown): string {
  let cause = error;
  while ((cause instanceof ActivityFailure || cause instanceof TimeoutFailure) && cause.cause)
    cause = cause.cause;
  return messageOf(cause);
}
