import { Command } from 'commander';
import { CitibikeError } from '../../contracts/errors.ts';
import { SAMPLE_DEFAULTS, writeSample } from '../write-sample.ts';

interface SampleOptions {
  readonly out: string;
  readonly system: string;
  readonly from: string;
  readonly to: string;
  readonly ridesPerMonth: string;
  readonly seed: string;
}

/** `citibike sample --out DIR` */
export function sampleCommand(): Command {
  return new Command('sample')
    .description(
      'write a made-up system (trip archives, weather) with the quirks of the real one, for use as a file:// source',
    )
    .requiredOption('--out <folder>', 'folder to make; an earlier sample there is replaced')
    .option('--system <system>', "'nyc' or 'jc'", SAMPLE_DEFAULTS.system)
    .option('--from <month>', 'first month, YYYY-MM', SAMPLE_DEFAULTS.from)
    .option('--to <month>', 'last month, YYYY-MM', SAMPLE_DEFAULTS.to)
    .option('--rides-per-month <count>', 'mean of valid rides a month', String(SAMPLE_DEFAULTS.ridesPerMonth))
    .option('--seed <seed>', 'the same seed gives the same files', String(SAMPLE_DEFAULTS.seed))
    .action(async (options: SampleOptions) => run(options));
}

async function run(options: SampleOptions): Promise<void> {
  const system = options.system;
  if (system !== 'nyc' && system !== 'jc')
    throw new CitibikeError('INVALID_INPUT', `--system: got ${JSON.stringify(system)}, expected nyc or jc`);
  const written = await writeSample({
    out: options.out,
    system,
    from: month('--from', options.from),
    to: month('--to', options.to),
    ridesPerMonth: wholeNumber('--rides-per-month', options.ridesPerMonth),
    seed: wholeNumber('--seed', options.seed),
  });
  const megabytes = (written.bytes / 1e6).toFixed(1);
  process.stdout.write(
    `SYNTHETIC: ${written.archives} archives, ${written.rides} rides, ${megabytes} MB in ${options.out}\n`,
  );
}

function month(name: string, value: string): string {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(value))
    throw new CitibikeError(
      'INVALID_INPUT',
      `${name}: got ${JSON.stringify(value)}, expected a month as YYYY-MM`,
    );
  return value;
}

function wholeNumber(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number >= 2 ** 31)
    throw new CitibikeError(
      'INVALID_INPUT',
      `${name}: got ${JSON.stringify(value)}, expected a whole number of 0 or more`,
    );
  return number;
}
