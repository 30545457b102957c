import type { ReactNode } from 'react';
import { UriLink } from './uri-link.tsx';

/** Tags that only registration reads, to find what an earlier attempt made. */
const INTERNAL = new Set(['citibike.effect_key']);

/** Returns tags as rows of `Facts`, with links to artifacts and names without our prefix. */
export function tagFacts(tags: Readonly<Record<string, string>>): (readonly [string, ReactNode])[] {
  return Object.entries(tags)
    .filter(([tag]) => !INTERNAL.has(tag))
    .map(([tag, value]) => [
      tag.replace(/^citibike\./, '').replaceAll('_', ' '),
      value.startsWith('s3://') ? <UriLink uri={value} /> : value,
    ]);
}
