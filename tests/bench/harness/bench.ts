/** Defines a bench. `make bench` finds each file `tests/bench/NAME.bench.ts` that exports `bench: AnyBench`. */
import type { Measurement } from './measure.ts';

export interface Bench {
  readonly name: string;
  readonly title: string;
  /** Prepares the inputs of the scenarios in `context.dir`, and returns the scenarios. */
  readonly scenarios?: (context: BenchContext) => Promise<readonly Scenario[]>;
  /** Replaces scenarios for a measurement that is not one command from start to exit. */
  readonly measure?: (context: BenchContext, turns?: number) => Promise<readonly MeasuredSection[]>;
}

/** Represents a part of the report with its own table. */
export interface MeasuredSection {
  readonly title: string;
  readonly intro: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly judgedTargets: readonly { readonly text: string; readonly judgement: Judgement }[];
}

/** Represents a bench that does its own measurements, because times are only part of them, and returns its section. */
export interface ReportBench {
  readonly name: string;
  readonly title: string;
  /** Reason why the bench runs only by name or with BENCH_LARGE=1. */
  readonly onDemand: string;
  readonly measure: (context: BenchContext) => Promise<BenchReport>;
}

export type AnyBench = Bench | ReportBench;

export interface BenchReport {
  /** Name of the section in the report, so that runs on other data get sections of their own; default: the bench's name. */
  readonly section?: string;
  /** Command that repeats the measurement. */
  readonly command: string;
  /** Markdown. */
  readonly blocks: readonly string[];
  readonly judgedTargets: readonly JudgedTarget[];
}

export interface JudgedTarget {
  readonly text: string;
  readonly judgement: Judgement;
}

export interface BenchContext {
  /** Folder of this bench, kept between runs: inputs that take long to make stay there. */
  readonly dir: string;
  /** Interpreter of the environment that `peers/dataframes.txt` was installed into. */
  readonly python: string;
  /** True with BENCH_LARGE=1: measurements that take many minutes run too. */
  readonly large: boolean;
  readonly log: (line: string) => void;
}

/** Contenders that run in turns. */
export interface Scenario {
  readonly title: string;
  /** Describes the input in a sentence, without a path of this machine. */
  readonly input: string;
  /** Number of turns after the warm-up. */
  readonly runs: number;
  readonly contenders: readonly Contender[];
  readonly targets: readonly Target[];
  /** False to skip the warm-up turn, which does not count. */
  readonly warmUp?: false;
  /**
   * Checks after the warm-up, when every contender's result exists, that all did the same work.
   * @returns a sentence for the report. @throws if the results differ; then the bench measures no time.
   */
  readonly check?: () => Promise<string>;
}

export interface Contender {
  readonly name: string;
  /** Program and arguments; the bench measures from start to exit. */
  readonly command: readonly string[];
  /** Files or folders that the bench removes before each run. */
  readonly outputs?: readonly string[];
}

/** Holds all runs of a contender in the order of the turns. */
export type Results = ReadonlyMap<string, readonly Measurement[]>;

export interface Target<Measured = Results> {
  readonly text: string;
  readonly judge: (results: Measured) => Judgement;
}

export interface Judgement {
  readonly passes: boolean;
  /** Measured value in the target's terms. */
  readonly measured: string;
}
