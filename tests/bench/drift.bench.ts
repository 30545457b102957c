/** Compares `citibike drift` with Evidently, in both versions that people use. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { installEnvironment } from '../python/python-environment.ts';
import type { Bench, BenchContext, Contender, Scenario } from './harness/bench.ts';
import { fasterThan, peakBelow } from './harness/targets.ts';

const PEERS = path.join(import.meta.dirname, 'peers');
const COMMAND = path.join(import.meta.dirname, '..', '..', 'client', 'bin.mjs');
const OURS = 'citibike drift';
const VERSIONS = ['0.4.22', '0.7.23'] as const;
const nameOf = (version: string) => `Evidently ${version}`;

/** Sets the tolerance of scores; both sides compute in double precision. */
const TOLERANCE = 1e-9;
/** Limits the buffer size for the JSON of a weekly check. */
const MOST_OUTPUT = 64 * 1024 * 1024;

type Mode = 'weeks' | 'whole';
/** Represents the scores by column, by week or `whole`. */
type Scores = Readonly<Record<string, Readonly<Record<string, number>>>>;

interface Compared {
  readonly mode: Mode;
  readonly folder: string;
  readonly reference: string;
  readonly current: string;
}

async function tables(
  context: BenchContext,
  kind: 'weeks' | 'million',
  format: 'csv' | 'parquet' = 'csv',
): Promise<Compared> {
  const folder = path.join(context.dir, kind);
  const [reference, current] = ['reference', 'current'].map((name) =>
    path.join(folder, `${name}.${format}`),
  ) as [string, string];
  if (!existsSync(current)) {
    context.log(`  making the tables of ${kind}`);
    mkdirSync(folder, { recursive: true });
    await promisify(execFile)(context.python, [path.join(PEERS, 'drift_tables.py'), kind, folder]);
  }
  return { mode: kind === 'weeks' ? 'weeks' : 'whole', folder, reference, current };
}

/** The weekly check includes its report, also for the peers. The million rows give only numbers, for all contenders. */
function ours({ mode, folder, reference, current }: Compared): Contender {
  const page = path.join(folder, 'report.html');
  const roles = ['--target', 'trips', '--prediction', 'prediction'];
  return {
    name: OURS,
    command: [
      ...[process.execPath, COMMAND, 'drift', '--reference', reference, '--current', current],
      ...(mode === 'weeks' ? ['--by', 'week', ...roles, '--html', page] : []),
      ...['--json', '--exit-zero'],
    ],
    outputs: [page],
  };
}

const scoresFile = ({ folder }: Compared, version: string) => path.join(folder, `evidently-${version}.json`);
const pageFile = ({ folder }: Compared, version: string) => path.join(folder, `evidently-${version}.html`);

function evidently(python: string, version: string, compared: Compared): Contender {
  const { reference, current, mode } = compared;
  const script = path.join(PEERS, 'drift_evidently.py');
  const outputs = [scoresFile(compared, version)];
  if (mode === 'weeks') outputs.push(pageFile(compared, version));
  return { name: nameOf(version), command: [python, script, reference, current, ...outputs], outputs };
}

/** @throws Error that names the first score that differs. */
async function checkSameScores(compared: Compared): Promise<string> {
  const [program, ...options] = ours(compared).command;
  const { stdout } = await promisify(execFile)(program!, options, { maxBuffer: MOST_OUTPUT });
  type Columns = { readonly columns: Readonly<Record<string, { readonly drift_score: number }>> };
  const result = JSON.parse(stdout) as { readonly whole: Columns; readonly weeks?: Record<string, Columns> };
  let [count, worst] = [0, 0];
  for (const version of VERSIONS) {
    if (compared.mode === 'weeks' && !existsSync(pageFile(compared, version))) {
      throw new Error(`Evidently ${version} wrote no page`);
    }
    const scores = JSON.parse(readFileSync(scoresFile(compared, version), 'utf8')) as Scores;
    for (const [part, columns] of Object.entries(scores)) {
      for (const [name, theirs] of Object.entries(columns)) {
        const own = part === 'whole' ? result.whole : result.weeks?.[part];
        const mine = own?.columns[name]?.drift_score ?? NaN;
        const off = mine === theirs ? 0 : Math.abs(mine - theirs) / Math.abs(theirs);
        if (!(off <= TOLERANCE)) throw new Error(`${part}, ${name}: ours ${mine}, ${version} ${theirs}`);
        count += 1;
        worst = Math.max(worst, off);
      }
    }
  }
  return `Same scores: ${count} of both versions, the worst ${worst.toExponential(1)} off.`;
}

function scenario(
  compared: Compared,
  pythons: ReadonlyMap<string, string>,
  rest: Pick<Scenario, 'title' | 'input' | 'runs' | 'targets'>,
): Scenario {
  const peers = VERSIONS.map((version) => evidently(pythons.get(version)!, version, compared));
  return { ...rest, contenders: [ours(compared), ...peers], check: () => checkSameScores(compared) };
}

const faster = (times: number) => VERSIONS.map((version) => fasterThan(OURS, nameOf(version), times));

export const bench: Bench = {
  name: 'drift',
  title: 'Drift against Evidently',
  scenarios: async (context) => {
    const pythons = new Map<string, string>();
    for (const version of VERSIONS) {
      const folder = path.join(path.dirname(context.dir), `python-evidently-${version}`);
      const requirements = [path.join(PEERS, `evidently-${version}.txt`)];
      pythons.set(version, await installEnvironment({ folder, requirements }, context.log));
    }
    return [
      scenario(await tables(context, 'weeks'), pythons, {
        title: 'The weekly check',
        input:
          'Synthetic hours of 2024 Q1 against the whole of 2025 Q1 and each of its 13 ISO weeks, 14 columns: drift, missing values, regression ' +
          'quality, from CSV. Each writes its numbers and saves its report as a page: ours with the weeks on it, Evidently’s of the whole, the weeks as ' +
          'numbers.',
        runs: 7,
        targets: [...faster(30), peakBelow(OURS, 130)],
      }),
      scenario(await tables(context, 'million'), pythons, {
        title: '1,000,000 × 12 against 1,000,000 × 12',
        input:
          'Ten columns of numbers and two of categories, the default tests, from CSV. Only numbers are compared; no contender writes a page.',
        runs: 7,
        targets: [...faster(8), peakBelow(OURS, 500)],
      }),
      scenario(await tables(context, 'million', 'parquet'), pythons, {
        title: '1,000,000 × 12 against 1,000,000 × 12, from parquet',
        input: 'The same rows as parquet, which Evidently gets from pandas and pyarrow.',
        runs: 7,
        targets: [...faster(8), peakBelow(OURS, 500)],
      }),
    ];
  },
};
