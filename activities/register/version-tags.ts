/** Derives tags, which people read in MLflow, from the aliases and the last decision. */

export const ALIASES = { champion: 'champion', previous: 'previous', candidate: 'candidate' } as const;

export interface VersionTags {
  readonly stage: 'Production' | 'Staging' | 'Archived';
  readonly validation_status: 'approved' | 'rejected' | 'pending';
}

/** Returns the tags of a version. A missing or unknown status means that no decision exists yet. */
export function tagsFor(aliases: readonly string[], status: string | undefined): VersionTags {
  if (aliases.includes(ALIASES.champion)) return { stage: 'Production', validation_status: 'approved' };
  if (status === 'rejected') return { stage: 'Archived', validation_status: 'rejected' };
  if (status === 'approved' || aliases.includes(ALIASES.previous)) {
    return { stage: 'Archived', validation_status: 'approved' };
  }
  return { stage: 'Staging', validation_status: 'pending' };
}

/** Tells whether a version has been champion. */
export function isApproved({ tags }: { readonly tags: Readonly<Record<string, string>> }): boolean {
  return tags['validation_status'] === 'approved';
}

/** Returns the wanted tags that a version lacks. */
export function missingTags(
  have: Readonly<Record<string, string>>,
  wanted: VersionTags,
): Record<string, string> {
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => have[key] !== value));
}

/** Returns the description with a new decision as its last paragraph. The stored label stays `Verdict`. */
export function withDecision(description: string, decision: string): string {
  const [summary = ''] = description.split('\n\n**Verdict**: ');
  return `${summary}\n\n**Verdict**: ${decision}`;
}

export function isDecidedChampion(description: string): boolean {
  return description.includes('\n\n**Verdict**: champion.');
}
