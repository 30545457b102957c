import { CitibikeError } from '../../contracts/errors.ts';
import type { DatasetManifest } from '../../contracts/frame.ts';
import type { PreprocessActivities } from '../../contracts/stages.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { writeDatasetQuality } from './dataset-quality.ts';
import { writeDataset } from './summary.ts';
import { advanceYearFiles } from './year-files.ts';

export function createComposeDataset(deps: ActivityDependencies): PreprocessActivities['composeDataset'] {
  return async ({ system, rules, months, weather, cache }) => {
    if (months.length === 0) {
      throw new CitibikeError(
        'MISSING_MONTHS',
        `the source has none of the months of ${system} asked for: ask for others, or give another source`,
        { system, rules },
      );
    }
    const foreign = months.find((each) => each.system !== system || each.rules !== rules);
    if (foreign) {
      throw new CitibikeError(
        'INVALID_INPUT',
        `month ${foreign.month} is of ${foreign.system}/${foreign.rules}, the data set of ${system}/${rules}`,
      );
    }
    const synthetic = months.some((each) => each.synthetic);
    if (synthetic && !months.every((each) => each.synthetic)) {
      throw new CitibikeError(
        'INVALID_INPUT',
        `real and synthetic months do not belong in one data set: ${months
          .filter((each) => each.synthetic)
          .map((each) => each.month)
          .join(', ')} are synthetic`,
      );
    }
    const manifest: DatasetManifest = {
      schemaVersion: 1,
      system,
      rules,
      months: months.toSorted((a, b) => (a.month < b.month ? -1 : 1)),
      weather: weather.toSorted((a, b) => a.year - b.year),
      synthetic,
    };
    const summary = await writeDataset(deps.artifacts, deps.codeVersion, manifest, cache);
    await writeDatasetQuality(deps, manifest);
    // What people read under the names they know is the real city by the rules they know.
    if (system === 'nyc' && rules === 'seed' && !synthetic) await advanceYearFiles(deps.artifacts, manifest);
    return summary;
  };
}
