/** Durations of rides by the second: quantiles of any number of rides in memory that does not grow. */

/** A day; the few longer rides share the last place, and the longest is kept as it is. */
const SECONDS = 86_400;

export class MinuteHistogram {
  readonly counts = new Uint32Array(SECONDS + 1);
  /** Milliseconds. */
  least = Infinity;
  most = -Infinity;

  add(milliseconds: number): void {
    this.counts[Math.min(SECONDS, (milliseconds / 1000) | 0)]!++;
    if (milliseconds < this.least) this.least = milliseconds;
    if (milliseconds > this.most) this.most = milliseconds;
  }
}
