import { Command } from 'commander';
import { loadSettings } from '../../settings.ts';
import { print, printNote } from '../print.ts';
import { listSystems } from '../system-option.ts';
import { systemStates, type KnownMonths, type SystemState } from '../system-states.ts';
import { table } from '../table-text.ts';

interface SystemsOptions {
  readonly available?: boolean;
  readonly json?: boolean;
}

/** `citibike systems`, `citibike systems --available --json` */
export function systemsCommand(): Command {
  return new Command('systems')
    .description('Lists the bike-share systems with their ingested months and champions.')
    .option('--available', 'ask each publisher which months it has')
    .option('--json', 'print one JSON array')
    .action(async (options: SystemsOptions) => list(options));
}

async function list({ available = false, json = false }: SystemsOptions): Promise<void> {
  const settings = loadSettings();
  const states = await systemStates(settings, await listSystems(), available);
  if (json) {
    print(`${JSON.stringify(states, null, 2)}\n`);
    return;
  }
  const names = ['id', 'name', 'zone', 'published', 'ingested', 'model', 'champion'];
  print(table(names, states.map(rowOf)));
  const reasons = states.flatMap(({ ingested, available: listed }) =>
    [ingested, listed].flatMap((each) => (each && 'unknown' in each ? [each.unknown] : [])),
  );
  // The reason is the same for each system.
  if (reasons[0] !== undefined) printNote(`note: ${reasons[0]}\n`);
  printNote(
    settings.systemsDir === undefined
      ? 'To add a system, write <id>.yaml to a folder and name the folder in the setting SYSTEMS_DIR; docs/systems.md explains it.\n'
      : `To add a system, write <id>.yaml to ${settings.systemsDir}; docs/systems.md explains it.\n`,
  );
}

function rowOf(state: SystemState): string[] {
  const { id, name, brand, timeZone, firstMonth, available, ingested, synthetic, model, champion } = state;
  return [
    id,
    `${name}, ${brand}`,
    timeZone,
    available ? monthsText(available) : `since ${firstMonth}`,
    `${monthsText(ingested)}${synthetic ? ' (synthetic)' : ''}`,
    model,
    champion === null ? '-' : `version ${champion}`,
  ];
}

function monthsText(known: KnownMonths): string {
  if ('unknown' in known) return 'unknown';
  const { months } = known;
  const [first, last] = [months[0], months.at(-1)];
  return first === undefined ? '-' : `${months.length}: ${first} to ${last}`;
}
