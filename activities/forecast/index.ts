/** Creates the activities of the stage `forecast`. */
import { thinForecasts } from '../../adapters/postgres/demand-forecasts.ts';
import { DAY_MS } from '../../contracts/calendar.ts';
import type { ForecastActivities } from '../../contracts/activities/forecast.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { createFetchForecast } from './fetch-forecast.ts';
import { createIssueForecast } from './issue-forecast.ts';
import { createPlanForecast } from './plan-forecast.ts';

/** Sets the days for which all issues stay. */
const ALL_ISSUES_DAYS = 30;

export function createForecastActivities(deps: ActivityDependencies): ForecastActivities {
  return {
    fetchForecast: createFetchForecast(deps),
    planForecast: createPlanForecast(deps),
    issueForecast: createIssueForecast(deps),
    forgetForecasts: async (model) => {
      const before = new Date(Date.now() - ALL_ISSUES_DAYS * DAY_MS);
      return { deleted: await thinForecasts(deps.database, model, before) };
    },
  };
}
