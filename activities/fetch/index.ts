/** Creates the activities of the stage `fetch`. */
import type { FetchActivities } from '../../contracts/activities/fetch.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { createFetchFile } from './fetch-file.ts';
import { createFetchWeather } from './fetch-weather.ts';
import { createListSource } from './list-source.ts';

export function createFetchActivities(deps: ActivityDependencies): FetchActivities {
  return {
    listSource: createListSource(deps),
    fetchFile: createFetchFile(deps),
    fetchWeather: createFetchWeather(deps),
  };
}
