/** Names the pages of `citibike explore --publish` in the artifacts bucket. */

export const EXPLORATION_PREFIX = 'explore/';

export interface Exploration {
  /** Id of a system, with `-synthetic` appended for synthetic trips. */
  readonly system: string;
  readonly rules: string;
  /** First and last month. */
  readonly from: string;
  readonly to: string;
}

/** Returns the key of a page. A later page of the same months replaces it. */
export function explorationKey({ system, rules, from, to }: Exploration): string {
  return `${EXPLORATION_PREFIX}${system}/${rules}/${from}_${to}.html`;
}

const KEY = /^explore\/([a-z][a-z0-9-]*)\/(seed|all)\/(\d{4}-\d{2})_(\d{4}-\d{2})\.html$/;

/** Returns what a key names; undefined for any other key. */
export function explorationOf(key: string): Exploration | undefined {
  const [, system, rules, from, to] = KEY.exec(key) ?? [];
  return system && rules && from && to ? { system, rules, from, to } : undefined;
}
