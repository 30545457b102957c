/** Converts MLflow's wire format of a map: a list of `{key, value}` whose values are text. */
export interface Pair {
  readonly key: string;
  readonly value: string;
}

export function toPairs(map: Readonly<Record<string, string>>): Pair[] {
  return Object.entries(map).map(([key, value]) => ({ key, value }));
}

export function fromPairs(pairs: readonly Pair[] | undefined): Record<string, string> {
  return Object.fromEntries((pairs ?? []).map(({ key, value }) => [key, value]));
}
