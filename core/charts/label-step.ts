/** Pixels that a character of a label takes at 12 px, and pixels between two labels. */
const CHARACTER = 7;
const GAP = 12;

/** Returns n such that every n-th label has room along `width` pixels. */
export function labelStep(labels: readonly string[], width: number): number {
  const widest = labels.reduce((most, { length }) => Math.max(most, length), 1);
  return Math.max(1, Math.ceil((labels.length * (widest * CHARACTER + GAP)) / Math.max(1, width)));
}
