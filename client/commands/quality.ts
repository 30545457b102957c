import { Command } from 'commander';
import { ObjectStore } from '../../adapters/s3/object-store.ts';
import { checkedDate } from '../../contracts/checked-dates.ts';
import { boundsText, valueText, type CheckResult } from '../../core/quality/month-report.ts';
import { loadSettings } from '../../settings.ts';
import { newestReports, type StoredReport } from '../quality-reports.ts';
import { table } from '../table-text.ts';
import { print } from '../print.ts';
import type { SystemId } from '../../contracts/systems.ts';
import { type StoredRuleSet, ruleSetOf } from '../../contracts/stored-names.ts';
import { rulesOption } from '../rules-option.ts';
import { knownSystems, systemOption } from '../system-option.ts';

interface QualityOptions {
  readonly month?: string;
  readonly system?: SystemId;
  readonly rules: StoredRuleSet;
  readonly json?: boolean;
}

/** Is the exit code if a month fails its gate; 1 is reserved for errors. */
const EXIT_FAIL = 2;

/** `citibike quality --system boston --month 2024-09` */
export async function qualityCommand(): Promise<Command> {
  return new Command('quality')
    .description(
      'Shows the checks of the newest month. Exits with 0 if they pass or warn, with 2 if one fails, with 1 on an error.',
    )
    .option('--month <month>', 'month, YYYY-MM; default: the newest')
    .addOption(await systemOption('system; default: all'))
    .addOption(rulesOption())
    .option('--json', 'print the whole reports as JSON')
    .action(async (options: QualityOptions) => quality(options));
}

async function quality({ month, system, rules, json }: QualityOptions): Promise<void> {
  if (month !== undefined) checkedDate('month', '--month', month);
  const objects = new ObjectStore(loadSettings().s3);
  try {
    const reports = await newestReports(objects, {
      systems: system ? [system] : await knownSystems().ids(),
      rules,
      month,
    });
    if (json) {
      const result = reports.map(({ report, page }) => ({ page, ...report }));
      print(`${JSON.stringify(result, null, 2)}\n`);
    } else print(reports.map(reportText).join('\n'));
    if (reports.some(({ report }) => report.verdict === 'fail')) process.exitCode = EXIT_FAIL;
  } finally {
    objects.close();
  }
}

export function reportText({ report, page }: StoredReport): string {
  const { system, month, rules, verdict, synthetic, provisional, previousMonth, checks } = report;
  const notes = [
    `rules '${ruleSetOf(rules)}'`,
    ...(synthetic ? ['synthetic data'] : []),
    ...(provisional ? ['provisional'] : []),
    previousMonth ? `compared with ${previousMonth}` : 'no previous month to compare with',
  ];
  const rows = checks.map(({ check, value, state, detail, ...bounds }) => [
    check,
    value === null ? '-' : valueText(value),
    boundText({ state, ...bounds }),
    state,
    state === 'warn' || state === 'fail' ? (detail ?? '') : '',
  ]);
  return `${system} ${month}: ${verdict} (${notes.join(', ')})\n\n${table(['check', 'value', 'bound', 'state', 'detail'], rows)}\n${page}\n`;
}

/** Returns the bound that the value broke, or else the first one. */
function boundText({ state, warn, fail }: Pick<CheckResult, 'state' | 'warn' | 'fail'>): string {
  const bound = state === 'fail' ? fail : (warn ?? fail);
  return bound ? boundsText(bound) : '-';
}
