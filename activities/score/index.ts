import { forecastMonths } from '../../adapters/postgres/forecast-scores.ts';
import type { ScoreActivities } from '../../contracts/activities/score.ts';
import type { DatasetManifest } from '../../contracts/frame.ts';
import { storedName } from '../../contracts/stored-names.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { createScoreForecasts } from './score-issued-hours.ts';

export function createScoreActivities(deps: ActivityDependencies): ScoreActivities {
  return {
    listForecastMonths: async ({ dataset }) => {
      const { system, synthetic, months } = await deps.artifacts.readJson<DatasetManifest>(dataset);
      const names = months.map(({ month }) => month);
      return { months: await forecastMonths(deps.database, storedName(system, synthetic), names) };
    },
    scoreForecasts: createScoreForecasts(deps),
  };
}
