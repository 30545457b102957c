import { setImmediate as nextTurn } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { readFrame } from '../../adapters/duckdb/frame-file.ts';
import { summarizeIssue, writeForecast } from '../../adapters/postgres/demand-forecasts.ts';
import { tensorflowNetwork } from '../../adapters/tensorflow/tensorflow-network.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import type { ForecastActivities } from '../../contracts/activities/forecast.ts';
import { HOUR_MS } from '../../contracts/calendar.ts';
import type { DemandForecast, DemandForecastHour } from '../../contracts/demand-forecast.ts';
import type { WeatherDay } from '../../contracts/frame.ts';
import { demandForecast } from '../../core/forecast/demand-forecast.ts';
import { issueWeather, weatherRows } from '../../core/forecast/issue-weather.ts';
import { hoursAhead } from '../../core/forecast/hours-ahead.ts';
import {
  estimateLevel,
  growthLevel,
  levelFrom,
  type LevelAt,
  type PublishedMonth,
} from '../../core/forecast/level.ts';
import { localDayOf } from '../../core/forecast/local-days.ts';
import { publishedMonths } from '../../core/forecast/score-at-level.ts';
import { weatherScenarios } from '../../core/forecast/weather-scenarios.ts';
import { loadModelFiles, type ServingModel } from '../../core/serving/serving-model.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { factsOfIssue } from './plan-forecast.ts';
import { readForecastWeather } from './read-forecast-weather.ts';

/**
 * Creates the activity `issueForecast`. It reads the weather from Postgres, so that two runs use the same answer. It yields after
 * every hour, because the worker's other activities send heartbeats on the same event loop.
 */
export function createIssueForecast(deps: ActivityDependencies): ForecastActivities['issueForecast'] {
  return async ({ facts, plan, startedAt, publishedFrame, seed }) => {
    const { model: name, version, system, weather, chosenAt = startedAt } = plan;
    const { timeZone } = facts;
    const files = await deps.mlflow.downloadModelFiles(name, version, Context.current().cancellationSignal);
    const model = await loadModelFiles(files, tensorflowNetwork);
    const issuedAt = weather?.issuedAt ?? hourOf(startedAt);
    const issueDay = weather?.issueDay ?? localDayOf(Date.parse(issuedAt), timeZone);
    const { told, earlier, observed, errors } = await readForecastWeather(deps, facts, {
      issuedAt,
      issueDay,
      provider: weather?.provider ?? null,
    });
    const hours = hoursAhead(issuedAt, timeZone);
    const completed = issueWeather(
      told ?? { provider: 'api.weather.gov', issuedAt, issueDay, days: [] },
      earlier,
      observed,
      hours[0]!.date,
    );
    const training = await trainingDays(deps, name, version);
    const days = weatherScenarios({
      forecast: weather && completed.forecast,
      days: [...new Set(hours.map(({ date }) => date))],
      before: completed.before,
      climate: training.days.length > 0 ? training.days : observed,
      errors,
      seed,
    });
    const level = await levelOf(deps, model, publishedFrame);
    const forecastHours: DemandForecastHour[] = [];
    for (const hour of hours) {
      forecastHours.push(...demandForecast(model, [hour], days, level.at));
      await nextTurn();
    }
    const { factor, variance } = level.at(hours[0]!.date);
    const forecast: DemandForecast = {
      system,
      model: name,
      version,
      issuedAt,
      issueDay,
      provider: weather?.provider ?? 'climatology',
      timeZone,
      level: { factor, deviation: Math.sqrt(variance), month: level.month },
      weather: weatherRows(completed, days),
      hours: forecastHours,
    };
    const { workflowId, runId } = producerOf('forecast', deps.codeVersion);
    const written = await writeForecast(deps.database, forecast, { workflowId, runId, chosenAt });
    const stored = written ? undefined : await summarizeIssue(deps.database, name, { system, issuedAt });
    return {
      ...factsOfIssue(stored ?? { ...forecast, hours: hours.length }),
      written,
      note: training.missing && noteOf(training.missing, observed),
    };
  };
}

function hourOf(time: string): string {
  return new Date(Math.floor(Date.parse(time) / HOUR_MS) * HOUR_MS).toISOString();
}

interface TrainingDays {
  readonly days: readonly WeatherDay[];
  /** Says why there are no days; null if there are. */
  readonly missing: string | null;
}

/** Returns the days of the training months. */
async function trainingDays(
  { artifacts, mlflow }: ActivityDependencies,
  model: string,
  version: string,
): Promise<TrainingDays> {
  const { tags } = await mlflow.getVersion(model, version);
  const uri = tags['citibike.train_frame'];
  if (uri === undefined) return { days: [], missing: `version ${version} names no training data` };
  if (!(await artifacts.has(uri)))
    return { days: [], missing: `the training data of version ${version} were deleted, so it has no level` };
  const { artifact } = await artifacts.manifestOf(uri);
  const rows = await readFrame(artifacts, artifact);
  // A day without an observation has the weather of another one.
  const observed = rows.filter((row) => !row.weather_filled);
  return { days: [...new Map(observed.map((row) => [row.date, row])).values()], missing: null };
}

/** Says what stands for the climatology of the training months. */
function noteOf(missing: string, observed: readonly WeatherDay[]): string {
  return observed.length > 0
    ? `${missing}; the climatology is of ${observed.length} observed days of the station instead`
    : `${missing}; days without a weather forecast lack the error of the weather in their intervals`;
}

interface UsedLevel {
  readonly at: LevelAt;
  /** Newest month that it is estimated from. */
  readonly month: string | null;
}

async function levelOf(
  { artifacts }: ActivityDependencies,
  model: ServingModel,
  frame: ArtifactRef | null,
): Promise<UsedLevel> {
  const months: PublishedMonth[] = [];
  const rows = frame ? await readFrame(artifacts, frame) : [];
  for (const ofMonth of Map.groupBy(rows, ({ date }) => date.slice(0, 7)).values()) {
    months.push(...publishedMonths(model, ofMonth));
    await nextTurn();
  }
  const level = estimateLevel(months, model);
  if (level) return { at: levelFrom(level), month: level.month };
  return { at: growthLevel(model), month: null };
}
