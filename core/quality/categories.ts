/** Counts member and bike types, by names that are stable over the years. */
import { named, namesFound, type CheckContext, type Measured } from './check.ts';
import { largest } from './largest.ts';
import type { ArchiveMeasures } from './measures.ts';

/** Legacy files call a member Subscriber and a casual rider Customer, and have three ways to write a missing value. */
const SAME_AS: Readonly<Record<string, string>> = {
  subscriber: 'member',
  customer: 'casual',
  null: '',
  '\\n': '',
};

/** Returns the stable name of a type, or an empty string for a missing value. */
function categoryKey(name: string): string {
  const key = name.trim().toLowerCase();
  return SAME_AS[key] ?? key;
}

const KINDS = ['memberTypes', 'bikeTypes'] as const;

function sharesOf(archives: ArchiveMeasures, kind: (typeof KINDS)[number]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [name, count] of Object.entries(archives[kind])) {
    const key = categoryKey(name);
    if (key !== '') counts.set(key, (counts.get(key) ?? 0) + count);
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return new Map([...counts].map(([name, count]) => [name, count / Math.max(1, total)]));
}

/** Counts rows with an unknown type. Empty fields are missing, not unknown. */
export function unknownShare(
  counts: Readonly<Record<string, number>> | undefined,
  list: readonly string[],
): Measured {
  if (!counts) return undefined;
  const known = list.map(categoryKey);
  const entries = Object.entries(counts);
  const rows = entries.reduce((total, [, count]) => total + count, 0);
  const unknown = entries.filter(([name]) => categoryKey(name) !== '' && !known.includes(categoryKey(name)));
  if (rows === 0) return undefined;
  const count = unknown.reduce((total, [, each]) => total + each, 0);
  return { value: count / rows, ...named(unknown.map(([name, each]) => `${each} × ${name}`)) };
}

/** Returns the types of both kinds that the comparison with the month before selects. */
export function categoriesOf(
  { current, previous }: CheckContext,
  pick: (now: readonly string[], before: readonly string[]) => string[],
): Measured {
  const [now, before] = [current.archives, previous?.archives];
  if (!now || !before) return undefined;
  return namesFound(
    KINDS.flatMap((kind) => pick([...sharesOf(now, kind).keys()], [...sharesOf(before, kind).keys()])),
  );
}

/** Returns the type whose share of the rows changed most. */
export function largestShift({ current, previous }: CheckContext): Measured {
  const [now, before] = [current.archives, previous?.archives];
  if (!now || !before) return undefined;
  const shifts = KINDS.flatMap((kind) => {
    const [a, b] = [sharesOf(now, kind), sharesOf(before, kind)];
    // Legacy files have no bike types, so their appearance is a change of the schema.
    if (a.size === 0 || b.size === 0) return [];
    return [...new Set([...a.keys(), ...b.keys()])].map(
      (name) => [name, Math.abs((a.get(name) ?? 0) - (b.get(name) ?? 0))] as const,
    );
  });
  return largest(shifts);
}
