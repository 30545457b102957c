/** Finds what runs refer to: all open runs, and those that closed recently, whose results people may be about to use. */
import type { Client } from '@temporalio/client';
import {
  openOrRecentRuns,
  payloadsOfRun,
  stateOfRun,
  type ListedRun,
} from '../../adapters/temporal/run-payloads.ts';
import { addressesIn } from './references.ts';

export class RunReferences {
  readonly #client: Client;
  readonly #artifactsBucket: string;
  readonly #since: Date;
  /** Number of events that were read, by run. */
  readonly #read = new Map<string, number>();
  #oldestOpenStart: Date | undefined;

  /** @param since runs that closed before this time are ignored. */
  constructor(client: Client, artifactsBucket: string, since: Date) {
    this.#client = client;
    this.#artifactsBucket = artifactsBucket;
    this.#since = since;
  }

  /** Returns the start of the oldest run that was open at the last call of `changed`. */
  get oldestOpenStart(): Date | undefined {
    return this.#oldestOpenStart;
  }

  /** Yields the addresses in runs that began or progressed since the last call. */
  async *changed(): AsyncGenerator<readonly string[]> {
    let oldest: Date | undefined;
    for await (const run of openOrRecentRuns(this.#client, this.#since)) {
      if (run.isOpen && (!oldest || run.startedAt < oldest)) oldest = run.startedAt;
      yield* this.#referencesOf(run);
    }
    this.#oldestOpenStart = oldest;
  }

  async *#referencesOf(run: ListedRun): AsyncGenerator<readonly string[]> {
    const key = `${run.workflowId}\n${run.runId}`;
    const before = this.#read.get(key);
    // A closed run has no further events, unless it was open when it was read.
    if (!run.isOpen && before === Number.POSITIVE_INFINITY) return;
    const state = await stateOfRun(this.#client, run);
    if (!state) return;
    if (run.isOpen) yield [`s3://${this.#artifactsBucket}/${run.workflowId}`];
    if (state.heartbeats.length > 0) yield state.heartbeats.flatMap(addressesIn);
    if (state.events !== before) {
      for await (const texts of payloadsOfRun(this.#client, run)) yield texts.flatMap(addressesIn);
    }
    this.#read.set(key, run.isOpen ? state.events : Number.POSITIVE_INFINITY);
  }
}
