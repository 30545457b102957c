/** What a bench is. A file `tests/bench/NAME.bench.ts` that exports `bench: AnyBench` is one, and `make bench` finds it. */
import type { Measurement } from './measure.ts';

export interface Bench {
  readonly name: string;
  readonly title: string;
  /** Makes what the scenarios need, in `context.dir`, and says what to run. */
  readonly scenarios?: (context: BenchContext) => Promise<readonly Scenario[]>;
  /** Instead of scenarios, for what is no command from start to exit: measures by itself. */
  readonly measure?: (context: BenchContext, turns?: number) => Promise<readonly MeasuredSection[]>;
}

/** A part of the report, with a table of its own. */
export interface MeasuredSection {
  readonly title: string;
  readonly intro: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly verdicts: readonly { readonly text: string; readonly verdict: Verdict }[];
}

/** A bench that times are only a part of: it measures by itself, and writes its section. */
export interface ReportBench {
  readonly name: string;
  readonly title: string;
  /** Why it runs only when it is asked for by name, or with BENCH_LARGE=1. */
  readonly onDemand: string;
  readonly measure: (context: BenchContext) => Promise<BenchReport>;
}

export type AnyBench = Bench | ReportBench;

export interface BenchReport {
  /** The section is kept under this name, so that runs on other data stand beside each other; left out: the bench's. */
  readonly section?: string;
  /** How to get the same again. */
  readonly command: string;
  /** Markdown. */
  readonly blocks: readonly string[];
  readonly verdicts: readonly JudgedTarget[];
}

export interface JudgedTarget {
  readonly text: string;
  readonly verdict: Verdict;
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
  /** Left out: a turn that is not counted comes first. */
  readonly warmUp?: false;
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

export interface Target<Measured = Results> {
  readonly text: string;
  readonly judge: (results: Measured) => Verdict;
}

export interface Verdict {
  readonly passes: boolean;
  /** What was measured, in the target's terms. */
  readonly measured: string;
}
