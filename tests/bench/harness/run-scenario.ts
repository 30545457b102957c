/** Runs the contenders of a scenario in turns (A B C, A B C, ...), so that a slow minute of the machine affects all. */
import { rmSync } from 'node:fs';
import type { BenchContext, Results, Scenario, Judgement } from './bench.ts';
import { measure, type Measurement } from './measure.ts';

export interface ScenarioOutcome {
  readonly scenario: Scenario;
  readonly results: Results;
  readonly checked: string | undefined;
  readonly judgedTargets: readonly { readonly text: string; readonly judgement: Judgement }[];
}

export async function runScenario(scenario: Scenario, context: BenchContext): Promise<ScenarioOutcome> {
  const { contenders, runs, targets } = scenario;
  const turn = async (name: string): Promise<Measurement[]> => {
    const measurements: Measurement[] = [];
    for (const contender of contenders) {
      for (const output of contender.outputs ?? []) rmSync(output, { recursive: true, force: true });
      const measurement = await measure(context.python, contender.command);
      context.log(`  ${name}  ${contender.name}: ${describe(measurement)}`);
      measurements.push(measurement);
    }
    return measurements;
  };
  if (scenario.warmUp !== false) await turn('warm-up');
  const checked = scenario.warmUp === false ? undefined : await scenario.check?.();
  const turns: Measurement[][] = [];
  for (let run = 1; run <= runs; run += 1) turns.push(await turn(`run ${run}/${runs}`));
  const results: Results = new Map(
    contenders.map(({ name }, index) => [name, turns.map((measurements) => measurements[index]!)]),
  );
  const judgedTargets = targets.map(({ text, judge }) => ({ text, judgement: judge(results) }));
  return { scenario, results, checked, judgedTargets };
}

function describe({ wallSeconds, cpuSeconds, peakBytes }: Measurement): string {
  return `${wallSeconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of CPU, ${(peakBytes / 1e6).toFixed(0)} MB`;
}
