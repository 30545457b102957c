/** Creates the activities of the stage `preprocess`. */
import type { PreprocessActivities } from '../../contracts/activities/preprocess.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { createBuildFrame } from './build-frame.ts';
import { createComposeDataset } from './compose-dataset.ts';
import { createPreprocessMonth } from './preprocess-month.ts';
import { createReadArchive } from './read-archive.ts';
import { createResolveDataset } from './resolve-dataset.ts';

export function createPreprocessActivities(deps: ActivityDependencies): PreprocessActivities {
  return {
    readArchive: createReadArchive(deps),
    preprocessMonth: createPreprocessMonth(deps),
    composeDataset: createComposeDataset(deps),
    resolveDataset: createResolveDataset(deps),
    buildFrame: createBuildFrame(deps),
  };
}
