/** Defines the targets that scenarios can name. Targets compare times turn by turn. */
import type { Results, Target } from './bench.ts';
import { median, medianRatio } from './statistics.ts';

const seconds = (results: Results, name: string) =>
  runsOf(results, name).map(({ wallSeconds }) => wallSeconds);
const peakMb = (results: Results, name: string) =>
  Math.max(...runsOf(results, name).map(({ peakBytes }) => peakBytes)) / 1e6;

function runsOf(results: Results, name: string) {
  const runs = results.get(name);
  if (!runs) throw new RangeError(`no contender ${JSON.stringify(name)}`);
  return runs;
}

/** Takes at most `limit` times as long as the peer. */
export function atMostTimes(ours: string, peer: string, limit: number): Target {
  return {
    text: `at most ${limit} × the time of ${peer}`,
    judge: (results) => {
      const ratio = medianRatio(seconds(results, ours), seconds(results, peer));
      return { passes: ratio <= limit, measured: `${ratio.toFixed(2)} × its time` };
    },
  };
}

/** Is faster than the peer by at least the factor `times`. */
export function fasterThan(ours: string, peer: string, times = 1): Target {
  return {
    text: times === 1 ? `faster than ${peer}` : `at least ${times} × as fast as ${peer}`,
    judge: (results) => {
      const ratio = medianRatio(seconds(results, peer), seconds(results, ours));
      return {
        passes: times === 1 ? ratio > 1 : ratio >= times,
        measured: `${ratio.toFixed(2)} × as fast`,
      };
    },
  };
}

/** Judges the highest value of all runs. */
export function peakBelow(ours: string, megabytes: number): Target {
  return {
    text: `${ours}: peak memory under ${megabytes} MB`,
    judge: (results) => {
      const peak = peakMb(results, ours);
      return { passes: peak < megabytes, measured: `${peak.toFixed(0)} MB` };
    },
  };
}

/** Checks that the peak does not grow with the input: the highest of `names` is within `times` of the lowest. */
export function flatPeak(names: readonly string[], times: number): Target {
  return {
    text: `peak memory flat: the highest at most ${times} × the lowest`,
    judge: (results) => {
      const peaks = names.map((name) => peakMb(results, name));
      const ratio = Math.max(...peaks) / Math.min(...peaks);
      return { passes: ratio <= times, measured: `${ratio.toFixed(2)} ×` };
    },
  };
}

/** Judges CPU time divided by wall time in the best turn, in which the machine was least disturbed. */
export function coresUsed(ours: string, cores: number): Target {
  return {
    text: `${ours}: ${cores} cores busy on average, in the best turn`,
    judge: (results) => {
      const busy = Math.max(
        ...runsOf(results, ours).map(({ cpuSeconds, wallSeconds }) => cpuSeconds / wallSeconds),
      );
      return { passes: busy >= cores, measured: busy.toFixed(2) };
    },
  };
}

/** Judges the median wall time from start to exit. */
export function wallBelow(ours: string, limit: number): Target {
  return {
    text: `${ours}: under ${limit} s`,
    judge: (results) => {
      const measured = median(seconds(results, ours));
      return { passes: measured < limit, measured: `${measured.toFixed(2)} s` };
    },
  };
}
