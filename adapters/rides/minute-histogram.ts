/** Counts durations of rides by the second, which gives quantiles of any number of rides in bounded memory. */

/** Covers one day. The few longer rides share the last bin; the longest duration is kept exactly. */
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
