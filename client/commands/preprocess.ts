import { Command } from 'commander';
import { CitibikeError } from '../../contracts/errors.ts';
import { preprocessFiles, type WrittenMonth } from '../preprocess-files.ts';

interface PreprocessOptions {
  readonly out: string;
  readonly rules: string;
  readonly system?: string;
  readonly json?: boolean;
}

/** `citibike preprocess ZIP... --out DIR` */
export function preprocessCommand(): Command {
  return new Command('preprocess')
    .description('trip archives to one parquet a month: date, hour, trips, holiday')
    .argument('<zip...>', 'trip archives as published, or bare trip CSVs')
    .requiredOption('--out <folder>', 'folder for SYSTEM-YYYY-MM.parquet')
    .option('--rules <rules>', "which rides count: 'seed' (over 0 and under 60 minutes) or 'all'", 'seed')
    .option('--system <system>', "'nyc' or 'jc', for files whose names do not tell")
    .option('--json', 'result as JSON')
    .action(async (files: string[], options: PreprocessOptions) => run(files, options));
}

async function run(files: readonly string[], options: PreprocessOptions): Promise<void> {
  const { rules, system } = options;
  if (rules !== 'seed' && rules !== 'all')
    throw new CitibikeError('INVALID_INPUT', `--rules: got ${JSON.stringify(rules)}, expected seed or all`);
  if (system !== undefined && system !== 'nyc' && system !== 'jc')
    throw new CitibikeError('INVALID_INPUT', `--system: got ${JSON.stringify(system)}, expected nyc or jc`);
  const result = await preprocessFiles({ files, out: options.out, rules, ...(system ? { system } : {}) });
  for (const file of result.superseded)
    process.stderr.write(`left out, as a newer file of the same month was given: ${file}\n`);
  if (options.json) {
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    return;
  }
  for (const month of result.months) process.stdout.write(`${lineOf(month)}\n`);
  for (const [name, facts] of Object.entries(result.facts)) {
    const { not_positive, too_long, unparsable_start, unparsable_end } = facts.rejected;
    process.stdout.write(
      `${name}: ${facts.rows} rows, ${facts.trips} trips; left out: ${not_positive} not longer than 0, ${too_long} of 60 minutes or more, ` +
        `${unparsable_start + unparsable_end} without readable times, ${facts.duplicates} with a ride_id seen before\n`,
    );
    if (facts.identicalLegacyRows > 0)
      process.stderr.write(
        `${name}: ${facts.identicalLegacyRows} rows without an id equal another; they count\n`,
      );
  }
}

function lineOf({ file, hours, trips, straysOnly }: WrittenMonth): string {
  return `${file}  ${hours} hours  ${trips} trips${straysOnly ? '  (only rides that strayed into another month’s file)' : ''}`;
}
