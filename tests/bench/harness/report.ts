/** Writes the bench report: one section per bench in a Markdown file, between markers, so that each bench replaces only its own. */
import type { Bench, BenchReport, JudgedTarget, MeasuredSection, ReportBench, Results } from './bench.ts';
import type { ScenarioOutcome } from './run-scenario.ts';
import { median, medianRatio } from './statistics.ts';

export interface Run {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly machine: string;
}

export const EMPTY_REPORT = `# Benches

Measured by \`make bench\`, side by side in one run with the Python scripts a user would write (\`tests/bench/peers\`), which the bench
installs itself. A contender is a whole process, from its start to its exit: wall time, CPU time of its whole process tree, peak memory
of the tree. Contenders take turns (A B C, A B C, ...) after a warm-up that also proves that all give the same answer. Times are medians
with the least and the most; ratios are medians of the ratios turn by turn. Absolute times say little about another machine.
`;

export function sectionOf(
  bench: Bench,
  outcomes: readonly ScenarioOutcome[],
  run: Run,
  measured: readonly MeasuredSection[] = [],
): string {
  return [
    `## ${bench.title}`,
    `\`make bench BENCH=${bench.name}\`, ${run.date}: ${run.machine}.`,
    ...outcomes.flatMap(scenarioSection),
    ...measured.flatMap(measuredSection),
  ].join('\n\n');
}

export function sectionOfReport(bench: ReportBench, report: BenchReport, run: Run): string {
  return [
    `## ${bench.title}`,
    `\`${report.command}\`, ${run.date}: ${run.machine}.`,
    ...report.blocks,
    ...judged(report.judgedTargets),
  ].join('\n\n');
}

/** Replaces a bench's section, or appends it. */
export function withSection(report: string, name: string, section: string): string {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const block = `${begin}\n\n${section}\n\n${end}`;
  const from = report.indexOf(begin);
  if (from < 0) return `${report.trimEnd()}\n\n${block}\n`;
  const to = report.indexOf(end, from);
  if (to < 0) throw new Error(`the report has ${begin} but no ${end}: mend it by hand`);
  return report.slice(0, from) + block + report.slice(to + end.length);
}

function scenarioSection({ scenario, results, checked, judgedTargets }: ScenarioOutcome): string[] {
  return [
    `### ${scenario.title}`,
    [scenario.input, checked, `Each ran in ${scenario.runs} turns.`].filter(Boolean).join(' '),
    resultTable(results),
    ...judged(judgedTargets),
  ];
}

function measuredSection({ title, intro, header, rows, judgedTargets }: MeasuredSection): string[] {
  return [`### ${title}`, intro, markdownTable(header, rows), ...judged(judgedTargets)];
}

function judged(judgedTargets: readonly JudgedTarget[]): string[] {
  if (judgedTargets.length === 0) return [];
  const missed = judgedTargets.filter(({ judgement }) => !judgement.passes).length;
  const summary =
    missed === 0 ? 'Every target is met.' : `**Not met: ${missed} of ${judgedTargets.length} targets.**`;
  return [summary, targetList(judgedTargets)];
}

function resultTable(results: Results): string {
  const names = [...results.keys()];
  const wallOf = (name: string) => results.get(name)!.map(({ wallSeconds }) => wallSeconds);
  const ours = wallOf(names[0]!);
  const rows = names.map((name) => {
    const runs = results.get(name)!;
    const wall = wallOf(name);
    const cpu = median(runs.map(({ cpuSeconds }) => cpuSeconds));
    const peak = Math.max(...runs.map(({ peakBytes }) => peakBytes)) / 1e6;
    const spread = `${Math.min(...wall).toFixed(2)}–${Math.max(...wall).toFixed(2)}`;
    const relative = medianRatio(wall, ours).toFixed(2);
    return [name, `${median(wall).toFixed(2)} (${spread})`, cpu.toFixed(2), peak.toFixed(0), relative];
  });
  return markdownTable(['', 'wall, s', 'CPU, s', 'peak, MB', `time against ${names[0]!}`], rows);
}

function targetList(judgedTargets: readonly JudgedTarget[]): string {
  return judgedTargets
    .map(
      ({ text, judgement }) =>
        `- ${judgement.passes ? 'met' : '**not met**'}: ${text} (${judgement.measured})`,
    )
    .join('\n');
}

/** Pads columns as Prettier pads them. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((cell, column) =>
    Math.max(3, cell.length, ...rows.map((row) => row[column]!.length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
