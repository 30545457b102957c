import path from 'node:path';
import { Command } from 'commander';
import { fileName } from '../../adapters/tables/file-name.ts';
import { checkedSpan } from '../../contracts/checked-dates.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import { print } from '../print.ts';
import { systemOption } from '../system-option.ts';
import { SAMPLE_DEFAULTS, writeSample } from '../write-sample.ts';

interface SampleOptions {
  readonly out: string;
  readonly system: string;
  readonly from: string;
  readonly to: string;
  readonly ridesPerMonth?: string;
  readonly seed: string;
}

/** `citibike sample [--out DIR]` */
export async function sampleCommand(): Promise<Command> {
  const { from, to, system, seed } = SAMPLE_DEFAULTS;
  return new Command('sample')
    .description(
      'Writes a synthetic system (trip archives and weather) in the formats of its publisher, for use as a file:// source.',
    )
    .option('--out <folder>', 'folder to create; replaces an earlier sample', 'sample')
    .addOption((await systemOption('system whose archives are imitated')).default(system))
    .option('--from <month>', 'first month, YYYY-MM', from)
    .option('--to <month>', 'last month, YYYY-MM', to)
    .option('--rides-per-month <count>', 'mean number of valid rides per month; default: that of the system')
    .option('--seed <seed>', 'the same seed gives the same files', String(seed))
    .action(async (options: SampleOptions) => run(options));
}

async function run(options: SampleOptions): Promise<void> {
  const out = fileName(options.out);
  const { from, to } = options;
  const written = await writeSample({
    out,
    system: options.system,
    ...checkedSpan('month', { from, to }),
    ridesPerMonth:
      options.ridesPerMonth === undefined
        ? undefined
        : wholeNumber('--rides-per-month', options.ridesPerMonth),
    seed: wholeNumber('--seed', options.seed),
  });
  const megabytes = (written.bytes / 1e6).toFixed(1);
  print(
    `SYNTHETIC: ${written.archives} archives, ${written.rides} rides, ${megabytes} MB in ${path.resolve(out)}\n`,
  );
}

function wholeNumber(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number >= 2 ** 31)
    throw new CitibikeError(
      'INVALID_INPUT',
      `${name}: got ${showValue(value)}, expected a whole number of 0 or more`,
    );
  return number;
}
