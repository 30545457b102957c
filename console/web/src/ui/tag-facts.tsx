import type { ReactNode } from 'react';
import { UriLink } from './uri-link.tsx';

/** Tags as rows of `Facts`: artifacts as links, names without the prefix that all of ours have. */
export function tagFacts(tags: Readonly<Record<string, string>>): (readonly [string, ReactNode])[] {
  return Object.entries(tags).map(([tag, value]) => [
    tag.replace(/^citibike\./, '').replaceAll('_', ' '),
    value.startsWith('s3://') ? <UriLink uri={value} /> : value,
  ]);
}
