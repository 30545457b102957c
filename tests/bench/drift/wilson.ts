/** Returns the 95 % interval of a share (Wilson 1927), which stays within 0 and 1 and never has zero width. */

/** Equals Φ⁻¹(0.975). */
const Z = 1.959964;

export function wilson(hits: number, of: number): { low: number; high: number } {
  const share = hits / of;
  const centre = share + Z ** 2 / (2 * of);
  const half = Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  const norm = 1 + Z ** 2 / of;
  return { low: Math.max(0, (centre - half) / norm), high: Math.min(1, (centre + half) / norm) };
}
