import { CitibikeError } from '../../contracts/errors.ts';
import type { DatasetManifest } from '../../contracts/frame.ts';
import type { PreprocessActivities } from '../../contracts/activities/preprocess.ts';
import { DEFAULT_SYSTEM } from '../../contracts/systems.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { readDatasetWeather, writeDatasetQuality } from './dataset-quality.ts';
import { readMonths } from './month-description.ts';
import { writeDataset } from './summary.ts';
import { advanceYearFiles } from './year-files.ts';

/** Limits the days in an answer. The quality report names all. */
const MOST_DAYS_NAMED = 100;

export function createComposeDataset(deps: ActivityDependencies): PreprocessActivities['composeDataset'] {
  return async ({ system, rules, synthetic, months, weather, cache }) => {
    if (Object.keys(months).length === 0) {
      throw new CitibikeError(
        'MISSING_MONTHS',
        `the source has none of the requested months of ${system}. Choose other months or another source`,
        { system, rules },
      );
    }
    const manifest: DatasetManifest = {
      schemaVersion: 1,
      system,
      rules,
      months: await readMonths(deps.artifacts.objects, { system, rules, synthetic }, months),
      weather: weather.toSorted((a, b) => a.year - b.year),
      synthetic,
    };
    const summary = await writeDataset(deps.artifacts, deps.codeVersion, manifest, cache);
    const ofDays = await readDatasetWeather(deps, manifest);
    await writeDatasetQuality(deps, manifest, ofDays);
    // The yearly files, whose addresses name no system, contain the default one by the standard rules.
    if (system === DEFAULT_SYSTEM && rules === 'seed' && !synthetic)
      await advanceYearFiles(deps.artifacts, manifest);
    return {
      ...summary,
      weather: {
        filled: ofDays.filledDays.length,
        filledDays: ofDays.filledDays.slice(0, MOST_DAYS_NAMED),
        missing: ofDays.missingDays.length,
      },
    };
  };
}
