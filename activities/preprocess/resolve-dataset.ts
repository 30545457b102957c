import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { DatasetManifest, MonthDataset } from '../../contracts/frame.ts';
import { addMonths } from '../../contracts/calendar.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { factsOf, stationFor } from '../common/facts-of.ts';
import { weatherPointer } from '../common/raw-data-folders.ts';
import { readPointer } from '../common/pointer.ts';
import { monthPointer } from './month-folders.ts';
import { writeDataset } from './summary.ts';
import type { PreprocessActivities } from '../../contracts/activities/preprocess.ts';
import { ruleSetOf } from '../../contracts/stored-names.ts';

type Input = Parameters<PreprocessActivities['resolveDataset']>[0];

export function createResolveDataset(deps: ActivityDependencies): PreprocessActivities['resolveDataset'] {
  return async (input) => {
    const months = [...new Set(input.months)].sort();
    const { found, synthetic } = await findMonths(deps, input, months);
    const station = stationFor(deps, await factsOf(deps, input));
    const weather = await findWeather(deps, station, months, synthetic);
    const { system, rules } = input;
    const manifest: DatasetManifest = { schemaVersion: 1, system, rules, months: found, weather, synthetic };
    return writeDataset(deps.artifacts, deps.codeVersion, manifest, true);
  };
}

/** Returns real months, or synthetic ones if no real month was ever ingested. Never mixes both. */
async function findMonths(
  deps: ActivityDependencies,
  { system, rules }: Input,
  months: readonly string[],
): Promise<{ found: MonthDataset[]; synthetic: boolean }> {
  const { objects } = deps.artifacts;
  const read = async (synthetic: boolean) => {
    const pointers = await Promise.all(
      months.map((month) =>
        readPointer<MonthDataset>(
          objects,
          monthPointer(objects.buckets.data, { system, rules, month, synthetic }),
        ),
      ),
    );
    return pointers.filter((pointer) => pointer !== undefined);
  };
  const real = await read(false);
  if (real.length === months.length) return { found: real, synthetic: false };
  const synthetic = await read(true);
  if (real.length === 0 && synthetic.length === months.length) return { found: synthetic, synthetic: true };
  const best = real.length > 0 ? real : synthetic;
  const missing = months.filter((month) => !best.some((each) => each.month === month));
  throw new CitibikeError(
    'MISSING_MONTHS',
    `${system} ${missing.join(', ')} ${missing.length === 1 ? 'was' : 'were'} never ingested by the rules '${ruleSetOf(rules)}'` +
      `${real.length > 0 && synthetic.length > 0 ? ' (synthetic months are not mixed with real ones)' : ''}. Run ingest for them first.`,
    { system, rules, months: missing },
  );
}

/** Returns the weather of the months' years and of the year before, because the first day may need the weather of its eve. */
async function findWeather(
  deps: ActivityDependencies,
  station: string,
  months: readonly string[],
  synthetic: boolean,
): Promise<{ year: number; ref: ArtifactRef }[]> {
  const { objects } = deps.artifacts;
  const reach = [...months, ...months.map((month) => addMonths(month, -1))];
  const years = [...new Set(reach.map((month) => Number(month.slice(0, 4))))].sort((a, b) => a - b);
  const pointers = await Promise.all(
    years.map((year) =>
      readPointer<{ year: number; ref: ArtifactRef }>(
        objects,
        weatherPointer(objects.buckets.data, station, synthetic, year),
      ),
    ),
  );
  return pointers.filter((pointer) => pointer !== undefined);
}
