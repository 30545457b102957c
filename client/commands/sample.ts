import path from 'node:path';
import { Command } from 'commander';
import { fileName } from '../../adapters/tables/file-name.ts';
import { checkedDate, checkedSpan } from '../../contracts/checked-dates.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { System } from '../../contracts/options.ts';
import { showValue } from '../../contracts/show-value.ts';
import { writeBrokenSample } from '../write-broken-sample.ts';
import { LARGE_SAMPLE_DEFAULTS, writeLargeSample } from '../write-large-sample.ts';
import { SAMPLE_DEFAULTS, writeSample, type WrittenSample } from '../write-sample.ts';
import { print } from '../print.ts';

interface SampleOptions {
  readonly out?: string;
  readonly system: string;
  readonly from?: string;
  readonly to?: string;
  readonly ridesPerMonth?: string;
  readonly rides?: string;
  readonly csvs?: string;
  readonly broken?: string;
  readonly seed: string;
}

/** `citibike sample [--out DIR]`, `citibike sample --rides N [--out DIR]`, `citibike sample --broken DIR` */
export function sampleCommand(): Command {
  const { from, to, ridesPerMonth, system, seed } = SAMPLE_DEFAULTS;
  return new Command('sample')
    .description(
      'write a made-up system (trip archives, weather) with the quirks of the real one, for use as a file:// source',
    )
    .option(
      '--out <folder>',
      'folder to make; an earlier sample there is replaced [sample; with --rides: sample-N-rides]',
    )
    .option('--system <system>', "'nyc' or 'jc'", system)
    .option('--from <month>', `first month, YYYY-MM [${from}]`)
    .option('--to <month>', `last month, YYYY-MM [${to}]`)
    .option('--rides-per-month <count>', `mean of valid rides a month [${ridesPerMonth}]`)
    .option(
      '--rides <count>',
      `instead: the one month --from [${LARGE_SAMPLE_DEFAULTS.month}] with this many rides`,
    )
    .option('--csvs <count>', 'with --rides: CSVs in the archive [nyc: one a million rides]')
    .option('--broken <folder>', 'instead: one file of each kind of damage, and broken.json that says which')
    .option('--seed <seed>', 'the same seed gives the same files', String(seed))
    .action(async (options: SampleOptions) => run(options));
}

async function run(options: SampleOptions): Promise<void> {
  const broken = options.broken === undefined ? undefined : fileName(options.broken);
  if (broken !== undefined) {
    refuse(options, ['out', 'from', 'to', 'ridesPerMonth', 'rides', 'csvs'], '--broken');
    const files = await writeBrokenSample({ out: broken, seed: wholeNumber('--seed', options.seed) });
    for (const { file, fault } of files) print(`${file}  ${fault}\n`);
    print(`SYNTHETIC: ${files.length} broken files in ${broken}\n`);
    return;
  }
  const out = fileName(
    options.out ?? (options.rides === undefined ? 'sample' : `sample-${options.rides}-rides`),
  );
  const written = await (options.rides === undefined ? months(out, options) : largeMonth(out, options));
  const megabytes = (written.bytes / 1e6).toFixed(1);
  print(
    `SYNTHETIC: ${written.archives} archives, ${written.rides} rides, ${megabytes} MB in ${path.resolve(out)}\n`,
  );
}

async function months(out: string, options: SampleOptions): Promise<WrittenSample> {
  refuse(options, ['csvs'], 'a sample of several months');
  const { from = SAMPLE_DEFAULTS.from, to = SAMPLE_DEFAULTS.to, ridesPerMonth } = options;
  return writeSample({
    out,
    system: system(options.system),
    ...checkedSpan('month', { from, to }),
    ...(ridesPerMonth === undefined
      ? {}
      : { ridesPerMonth: wholeNumber('--rides-per-month', ridesPerMonth) }),
    seed: wholeNumber('--seed', options.seed),
  });
}

async function largeMonth(out: string, options: SampleOptions): Promise<WrittenSample> {
  refuse(options, ['to', 'ridesPerMonth'], '--rides');
  const { from, csvs } = options;
  return writeLargeSample({
    out,
    rides: wholeNumber('--rides', options.rides!),
    system: system(options.system),
    ...(from === undefined ? {} : { month: checkedDate('month', '--from', from) }),
    ...(csvs === undefined ? {} : { csvs: wholeNumber('--csvs', csvs) }),
    seed: wholeNumber('--seed', options.seed),
  });
}

/** An option that would be ignored is more likely a mistake than a wish. */
function refuse(options: SampleOptions, names: readonly (keyof SampleOptions)[], beside: string): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  const flag = `--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new CitibikeError('INVALID_INPUT', `${flag} means nothing with ${beside}: leave one of them out`);
}

function system(value: string): System {
  if (value === 'nyc' || value === 'jc') return value;
  throw new CitibikeError('INVALID_INPUT', `--system: got ${showValue(value)}, expected nyc or jc`);
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
