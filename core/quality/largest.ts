import type { Measured } from './check.ts';

/** Returns the largest of named values, or undefined if there are none. */
export function largest(entries: readonly (readonly [string, number])[]): Measured {
  if (entries.length === 0) return undefined;
  const [name, value] = entries.reduce((most, each) => (each[1] > most[1] ? each : most));
  return { value, detail: name };
}
