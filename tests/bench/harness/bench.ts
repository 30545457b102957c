/** What a bench is. A file `tests/bench/NAME.bench.ts` that exports `bench: Bench` is one, and `make bench` finds it. */
import type { Measurement } from './measure.ts';

export interface Bench {
  readonly name: string;
  readonly title: string;
  /** Makes what the scenarios need, in `context.dir`, and says what to run. */
  readonly scenarios: (context: BenchContext) => Promise<readonly Scenario[]>;
}

export interface BenchContext {
  /** Folder of this bench, kept between runs: inputs that take long to make stay there. */
  readonly dir: string;
  /** Interpreter of the environment that `peers/dataframes.txt` was installed into. */
  readonly python: string;
  /** Also what takes many minutes (BENCH_LARGE=1). */
  readonly large: boolean;
  readonly log: (line: string) => void;
}

/** Contenders that are run side by side, in turns. */
export interface Scenario {
  readonly title: string;
  /** What is measured on, in a sentence; no path of this machine. */
  readonly input: string;
  /** Turns after the warm-up. */
  readonly runs: number;
  readonly contenders: readonly Contender[];
  readonly targets: readonly Target[];
  /**
   * Called after the warm-up, with every contender's result in place: proof that all did the same work.
   * @returns a sentence for the report. @throws when they differ; then nothing is timed.
   */
  readonly check?: () => Promise<string>;
}

export interface Contender {
  readonly name: string;
  /** Program and arguments; measured from outside, from start to exit. */
  readonly command: readonly string[];
  /** Files or folders removed before each run. */
  readonly outputs?: readonly string[];
}

/** All runs of a contender, in the order of the turns. */
export type Results = ReadonlyMap<string, readonly Measurement[]>;

export interface Target {
  readonly text: string;
  readonly judge: (results: Results) => Verdict;
}

export interface Verdict {
  readonly passes: boolean;
  /** What was measured, in the target's terms. */
  readonly measured: string;
}
