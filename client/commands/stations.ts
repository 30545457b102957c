import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { fileName } from '../../adapters/tables/file-name.ts';
import { checkedDate } from '../../contracts/checked-dates.ts';
import {
  DEFAULT_STATION_VIEW,
  WEEKDAY_CLASSES,
  WEEKDAY_CLASS_NAMES,
  type WeekdayClass,
} from '../../contracts/station-hours.ts';
import type { StoredRuleSet } from '../../contracts/stored-names.ts';
import { DEFAULT_SYSTEM, type SystemId } from '../../contracts/systems.ts';
import { shorten } from '../../core/report/rank-chart.ts';
import { stationsPage } from '../../core/report/stations/stations-page.ts';
import { hourText } from '../../core/stations/hour-text.ts';
import {
  greatestFlows,
  stationFigures,
  type StationFigures,
  type StationFlow,
  type StationView,
} from '../../core/stations/station-figures.ts';
import { loadSettings } from '../../settings.ts';
import { print } from '../print.ts';
import { rulesOption } from '../rules-option.ts';
import { readStoredStations } from '../stored-stations.ts';
import { systemOption } from '../system-option.ts';

interface StationsOptions {
  readonly system: SystemId;
  readonly rules: StoredRuleSet;
  readonly month?: string;
  readonly hour: number | null;
  readonly weekday: WeekdayClass;
  readonly json?: boolean;
  readonly html?: string;
}

const MOST_LISTED = 10;
/** Sets the characters of a name with its id. */
const NAME_WIDTH = 44;

/** `citibike stations --system jc --month 2025-03 --hour 8 --weekday mon-fri` */
export async function stationsCommand(): Promise<Command> {
  return new Command('stations')
    .description(
      'Shows departures, arrivals and net flow of the stations at one hour of the day: the ten that lose most bikes and the ten that gain most.',
    )
    .addOption((await systemOption('system')).default(DEFAULT_SYSTEM))
    .addOption(rulesOption())
    .option('--month <YYYY-MM>', 'month; default: the newest one with stations')
    .addOption(
      new Option('--hour <hour>', "hour of the day, 0 to 23, or 'all' for the whole day")
        .argParser(parseHour)
        .default(DEFAULT_STATION_VIEW.hour),
    )
    .addOption(
      new Option('--weekday <days>', 'weekdays that are added up')
        .choices(WEEKDAY_CLASS_NAMES)
        .default(DEFAULT_STATION_VIEW.weekdays),
    )
    .addOption(new Option('--json', 'print all stations as JSON').conflicts('html'))
    .option('--html <file>', 'write a page with a map and all stations')
    .action(stations);
}

async function stations(options: StationsOptions): Promise<void> {
  const { system, rules, month, hour, weekday: weekdays, json, html } = options;
  if (month !== undefined) checkedDate('month', '--month', month);
  const stored = await readStoredStations(loadSettings(), { system, rules, month });
  const view: StationView = { month: stored.month, hour, weekdays };
  const figures = stationFigures(stored.stations, view);
  if (html !== undefined) {
    const out = fileName(html);
    await writeFile(out, stationsPage({ system, synthetic: stored.synthetic, figures, ...view }));
    print(`${out}: ${figures.stations.length} stations of ${system} in ${stored.month}\n`);
  } else if (json) {
    print(`${JSON.stringify({ system, synthetic: stored.synthetic, ...view, ...figures }, null, 2)}\n`);
  } else {
    print(textOf(`${system}${stored.synthetic ? ' (synthetic)' : ''}`, view, figures));
  }
}

function textOf(system: string, { month, hour, weekdays }: StationView, figures: StationFigures): string {
  const { days, total, withoutStation } = figures;
  const { losing, gaining } = greatestFlows(figures.stations, MOST_LISTED);
  return [
    `${system}, ${month}, ${hourText(hour)}, ${WEEKDAY_CLASSES[weekdays].label} (${days} days): ` +
      `${total.departures} departures, ${total.arrivals} arrivals`,
    `without a station: ${withoutStation.departures} departures, ${withoutStation.arrivals} arrivals`,
    '',
    ...tableOf('lose most', losing),
    '',
    ...tableOf('gain most', gaining),
    '',
  ].join('\n');
}

function tableOf(title: string, flows: readonly StationFlow[]): string[] {
  const head = `${title.padEnd(NAME_WIDTH + 2)}  departures  arrivals     net`;
  if (flows.length === 0) return [head, '  none'];
  return [
    head,
    ...flows.map(({ id, name, departures, arrivals, net }) => {
      return `  ${labelOf(id, name ?? 'no name').padEnd(NAME_WIDTH)}  ${pad(departures, 10)}  ${pad(arrivals, 8)}  ${pad(net, 6)}`;
    }),
  ];
}

/** Cuts a long name, so that the id stays. */
function labelOf(id: string, name: string): string {
  return `${shorten(name, NAME_WIDTH - id.length - 3)} (${id})`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width);
}

function parseHour(text: string): number | null {
  if (text === 'all') return null;
  if (!/^([01]?\d|2[0-3])$/.test(text)) throw new InvalidArgumentError("Expected 0 to 23, or 'all'.");
  return Number(text);
}
