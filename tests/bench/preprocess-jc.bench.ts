/** Preprocesses the published Jersey City months of 2024, from zip files to every output. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { realDataDir } from '../real-data.ts';
import type { Bench, BenchContext } from './harness/bench.ts';
import { citibikePreprocess, OURS, pythonPreprocess } from './harness/preprocess-contenders.ts';
import { checkSameHours } from './harness/same-hours.ts';
import { largeSampleArchive } from './harness/sample-input.ts';
import { fasterThan } from './harness/targets.ts';

/** Sets the rides of the ten months of 2024 that the data folder has: January to May, August to December. */
const RIDES_LIKE_2024 = {
  '2024-01': 51_000,
  '2024-02': 53_000,
  '2024-03': 65_000,
  '2024-04': 79_000,
  '2024-05': 92_000,
  '2024-08': 100_000,
  '2024-09': 115_000,
  '2024-10': 113_000,
  '2024-11': 78_000,
  '2024-12': 55_000,
};

async function archivesOf(context: BenchContext): Promise<{ archives: string[]; input: string }> {
  const data = realDataDir();
  const tripdata = data && path.join(data, 'tripdata');
  const names = tripdata ? readdirSync(tripdata).filter((name) => /^JC-2024\d\d-.*\.zip$/.test(name)) : [];
  if (tripdata && names.length === 10) {
    return {
      archives: names.sort().map((name) => path.join(tripdata, name)),
      input: 'The ten months of 2024 at hand as published, 29 MB of zips.',
    };
  }
  const archives: string[] = [];
  for (const [month, rides] of Object.entries(RIDES_LIKE_2024))
    archives.push(
      await largeSampleArchive(
        context.dir,
        `jc-${month}`,
        { system: 'jc', month, rides, csvs: 1 },
        context.log,
      ),
    );
  return {
    archives,
    input: '**Synthetic**, as the published archives are not at hand: ten months of like size.',
  };
}

export const bench: Bench = {
  name: 'preprocess-jc',
  title: 'Ten months of Jersey City, zips to hours',
  scenarios: async (context) => {
    const { archives, input } = await archivesOf(context);
    const contenders = [
      citibikePreprocess(context, archives),
      pythonPreprocess(context, 'pandas', archives),
      pythonPreprocess(context, 'polars', archives),
      pythonPreprocess(context, 'duckdb', archives),
    ];
    return [
      {
        title: 'Zips in, every output out',
        input: `${input} Ours writes hours, flows and reports, the others hours.`,
        runs: 5,
        contenders,
        targets: [fasterThan(OURS, 'polars'), fasterThan(OURS, 'pandas', 2)],
        check: () => checkSameHours(contenders),
      },
    ];
  },
};
