/**
 * Measures a server from inside (loaded with `--import`) and reports event-loop delays and heap size to its
 * parent. Delays are measured by wall clock, which includes time that other processes took, and by the
 * thread's own CPU time.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Sets the milliseconds between measurements. */
const LOOK_MS = 2;

/** Represents the request of the parent; each answer resets the recorded delays. */
export type Question = 'holds' | 'heap';
export interface ProbeAnswer {
  /** Longest delay in milliseconds. */
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Heap in megabytes after a full garbage collection; 0 unless requested. */
  readonly heapMb: number;
}

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
let longest = { wallMs: 0, cpuMs: 0 };
let last = { wallMs: performance.now(), cpuMs: cpuMs() };

function look(): void {
  const now = { wallMs: performance.now(), cpuMs: cpuMs() };
  longest = {
    wallMs: Math.max(longest.wallMs, now.wallMs - last.wallMs - LOOK_MS),
    cpuMs: Math.max(longest.cpuMs, now.cpuMs - last.cpuMs),
  };
  last = now;
}
setInterval(look, LOOK_MS).unref();

process.on('message', (asked: Question) => {
  look();
  const answer = { ...longest, heapMb: 0 };
  if (asked === 'heap') {
    collect();
    answer.heapMb = process.memoryUsage().heapUsed / 1e6;
  }
  longest = { wallMs: 0, cpuMs: 0 };
  last = { wallMs: performance.now(), cpuMs: cpuMs() };
  process.send?.(answer satisfies ProbeAnswer);
});
process.channel?.unref();
