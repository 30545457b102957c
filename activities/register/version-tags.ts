/** Tags tell people what the aliases mean; they are derived from the aliases and the last verdict, never the other way round. */

export const ALIASES = { champion: 'champion', previous: 'previous', candidate: 'candidate' } as const;

export interface VersionTags {
  readonly stage: 'Production' | 'Staging' | 'Archived';
  readonly validation_status: 'approved' | 'rejected' | 'pending';
}

/** What a version's tags ought to be. A status that is missing or unknown means that nobody has judged the version yet. */
export function tagsFor(aliases: readonly string[], status: string | undefined): VersionTags {
  if (aliases.includes(ALIASES.champion)) return { stage: 'Production', validation_status: 'approved' };
  if (status === 'rejected') return { stage: 'Archived', validation_status: 'rejected' };
  if (status === 'approved' || aliases.includes(ALIASES.previous)) {
    return { stage: 'Archived', validation_status: 'approved' };
  }
  return { stage: 'Staging', validation_status: 'pending' };
}

/** Those of `wanted` that a version does not have yet. */
export function missingTags(
  have: Readonly<Record<string, string>>,
  wanted: VersionTags,
): Record<string, string> {
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => have[key] !== value));
}

/** The description with its verdict, which is its last paragraph, put in the place of an earlier one. */
export function withVerdict(description: string, verdict: string): string {
  const [summary = ''] = description.split('\n\n**Verdict**: ');
  return `${summary}\n\n**Verdict**: ${verdict}`;
}

export function isChampionByVerdict(description: string): boolean {
  return description.includes('\n\n**Verdict**: champion.');
}
