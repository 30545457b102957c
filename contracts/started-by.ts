/** Key of a workflow's memo with the name of the person who started it, as the audit has it. Child workflows inherit the entry. */
export const STARTED_BY_MEMO = 'user';

/** Returns the memo of a workflow that a person starts. */
export function startedByMemo(user: string | undefined): { readonly memo?: Record<string, string> } {
  return user === undefined ? {} : { memo: { [STARTED_BY_MEMO]: user } };
}
