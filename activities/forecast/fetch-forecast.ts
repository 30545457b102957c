import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { chooseForecasts } from '../../adapters/forecasts/choose-forecasts.ts';
import { writeWeatherForecast } from '../../adapters/postgres/weather-forecasts.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import type { ForecastActivities } from '../../contracts/activities/forecast.ts';
import type { ForecastAnswer, ForecastDays } from '../../contracts/weather-forecast.ts';
import { assertPlace } from '../../core/forecast/assert-place.ts';
import { assertLooksAhead, forecastDays } from '../../core/forecast/forecast-days.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';

const ANSWER_SCHEMA_VERSION = 1;

/** Creates the activity `fetchForecast`. A forecast cannot be fetched later, so its answer is in a folder that no retention lists. */
export function createFetchForecast(deps: ActivityDependencies): ForecastActivities['fetchForecast'] {
  return async ({ system, facts, source: address }) => {
    const { allowed, artifacts, sources, database } = deps;
    const field = address ? 'source' : 'WEATHER_FORECASTS';
    const source = allowed.sources.check(address ?? sources.forecasts, field);
    const place = { ...facts.weather.forecast, timeZone: facts.timeZone };
    const service = chooseForecasts(source, {
      contact: sources.forecastContact,
      objects: artifacts.objects,
    });
    const answer = await service.fetch(place, Context.current().cancellationSignal);
    const forecast = forecastDays(answer, place, Date.now());
    assertPlace(answer.text, place);
    assertLooksAhead(forecast);
    const kept = await keepAnswer(deps, system, forecast, answer);
    await writeWeatherForecast(database, system, forecast, {
      uri: kept.ref.uri,
      fetchedAt: answer.fetchedAt,
    });
    const { provider, issuedAt, issueDay, days } = forecast;
    return { answer: kept.ref, provider, issuedAt, issueDay, days: days.length, cached: kept.existed };
  };
}

async function keepAnswer(
  { artifacts, codeVersion }: ActivityDependencies,
  system: string,
  { provider, issuedAt }: ForecastDays,
  { text, fetchedAt }: ForecastAnswer,
): Promise<{ ref: ArtifactRef; existed: boolean }> {
  const content = Buffer.from(text);
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const folder = `s3://${artifacts.objects.buckets.data}/forecasts/${system}/${provider}/${issuedAt.replaceAll(':', '-')}`;
  const uri = `${folder}/${digest}.json`;
  // The manifest is written last.
  if (await artifacts.has(`${uri}.manifest.json`))
    return { ref: (await artifacts.manifestOf(uri)).artifact, existed: true };
  const ref = await artifacts.write(producerOf('forecast', codeVersion), {
    name: `${digest}.json`,
    content,
    contentType: 'application/json',
    schemaVersion: ANSWER_SCHEMA_VERSION,
    inputs: [],
    parameters: { system, provider },
    facts: { issuedAt, fetchedAt },
    synthetic: false,
    uri: () => uri,
  });
  return { ref, existed: false };
}
