/**
 * Loaded into a server by `--import`: answers its parent how long its event loop was held and how much heap it keeps. A hold is told by
 * the clock, which counts what other processes took of the core, and by the CPU time of the thread, which is the server's own.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Milliseconds between looks. */
const LOOK_MS = 2;

/** What the parent asks; the holds begin anew with each answer. */
export type Question = 'holds' | 'heap';
export interface ProbeAnswer {
  /** Milliseconds of the longest hold. */
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Megabytes after a full collection; 0 unless asked for. */
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
