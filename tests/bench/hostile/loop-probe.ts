/**
 * Loaded into a server by `--import`: answers its parent how long its event loop was held and how much heap it keeps. The loop is looked
 * at from inside, so that nothing between two processes counts as a hold.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Milliseconds between looks; a hold is what exceeds it. */
const RESOLUTION_MS = 2;

/** What the parent asks. */
export type Question = 'reset' | 'hold' | 'heap';
export interface ProbeAnswer {
  readonly asked: Question;
  /** Milliseconds of the longest hold since the last reset, or megabytes of heap after a full collection. */
  readonly value: number;
}

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

process.on('message', (asked: Question) => {
  if (asked === 'reset') delay.reset();
  if (asked === 'heap') collect();
  const value =
    asked === 'heap' ? process.memoryUsage().heapUsed / 1e6 : Math.max(0, delay.max / 1e6 - RESOLUTION_MS);
  process.send?.({ asked, value } satisfies ProbeAnswer);
});
process.channel?.unref();
