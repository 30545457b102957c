import { Command } from 'commander';
import { fileName } from '../../adapters/tables/file-name.ts';
import type { ArchiveFacts } from '../../contracts/hours.ts';
import { preprocessFiles, type PreprocessReport, type WrittenMonth } from '../preprocess-files.ts';
import { print, printNote } from '../print.ts';
import type { StoredRuleSet } from '../../contracts/stored-names.ts';
import { rulesOption } from '../rules-option.ts';
import { knownSystems, listSystems, systemOption } from '../system-option.ts';

interface PreprocessOptions {
  readonly out: string;
  readonly rules: StoredRuleSet;
  readonly system?: string;
  readonly gate: boolean;
  readonly json?: boolean;
}

/** `citibike preprocess ZIP... --out DIR` */
export async function preprocessCommand(): Promise<Command> {
  return new Command('preprocess')
    .description(
      'Turns trip archives into one parquet of hours and one of flows per month, and writes a quality report.',
    )
    .argument('<zip...>', 'trip archives of months or years as published, or bare trip CSVs')
    .requiredOption(
      '--out <folder>',
      'folder for SYSTEM-YYYY-MM.parquet, SYSTEM-YYYY-MM-flows.parquet, SYSTEM-YYYY-MM-quality.html and preprocess-report.json',
    )
    .addOption(rulesOption())
    .addOption(await systemOption('system of files whose names do not say it'))
    .option(
      '--no-gate',
      'write months that fail the quality gate (inputs/quality.yaml) like the others, instead of to OUT/rejected',
    )
    .option('--json', 'print the result as JSON')
    .action(async (files: string[], options: PreprocessOptions) => run(files, options));
}

async function run(files: readonly string[], options: PreprocessOptions): Promise<void> {
  const { rules, system, gate } = options;
  const systems = await listSystems();
  const report = await preprocessFiles({
    files: files.map(fileName),
    out: fileName(options.out),
    rules,
    gate,
    systems,
    system: system === undefined ? undefined : await knownSystems().get(system),
  });
  for (const file of report.superseded)
    printNote(`skipped, because another file of the same month was given: ${file}\n`);
  for (const { reason } of report.refused) printNote(`rejected: ${reason}\n`);
  if (report.refused.length > 0) process.exitCode = 1;
  if (options.json) print(`${JSON.stringify(report, null, 2)}\n`);
  else printReport(report);
}

function printReport({ months, files }: PreprocessReport): void {
  for (const month of months) print(`${lineOf(month)}\n`);
  for (const [system, read] of Map.groupBy(files, (file) => file.system)) {
    const sum = (count: (facts: ArchiveFacts) => number) =>
      read.reduce((total, { facts }) => total + count(facts), 0);
    print(
      `${system}: ${sum(({ rows }) => rows)} rows, ${sum(({ kept }) => kept)} rides; left out: ` +
        `${sum(({ rejected }) => rejected.not_positive)} not longer than 0, ${sum(({ rejected }) => rejected.too_long)} of 60 minutes or more, ` +
        `${sum(({ rejected }) => rejected.unparsable_start + rejected.unparsable_end)} without readable times, ` +
        `${sum(({ duplicates }) => duplicates)} with a ride_id seen before\n`,
    );
    const identical = sum(({ identicalLegacyRows }) => identicalLegacyRows);
    if (identical > 0) printNote(`${system}: ${identical} rows without an id equal another; they count\n`);
  }
}

function lineOf({ file, hours, trips, straysOnly }: WrittenMonth): string {
  return `${file}  ${hours} hours  ${trips} trips${straysOnly ? '  (only rides that strayed into another month’s file)' : ''}`;
}
