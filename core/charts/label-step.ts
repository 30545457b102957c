/** Sets the width of a character at 12 px, and the gap between two labels, in pixels. */
const CHARACTER = 7;
const GAP = 12;

/** Returns n such that every n-th label fits into `width` pixels. */
export function labelStep(labels: readonly string[], width: number): number {
  const widest = labels.reduce((most, { length }) => Math.max(most, length), 1);
  return Math.max(1, Math.ceil((labels.length * (widest * CHARACTER + GAP)) / Math.max(1, width)));
}
