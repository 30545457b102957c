/**
 * The page's address, read from the browser itself: the router decodes `%25` but not `%2F`, which cannot be undone where an id
 * holds a percent sign.
 */
import { useCallback } from 'react';
import { useLocation, useSearch } from 'wouter';

/** Parts of the path, decoded: of `/runs/a%2Fb`, `runs` and `a/b`. */
export function usePathParts(): string[] {
  useLocation();
  return window.location.pathname.split('/').slice(1).map(decoded);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

type Fields = Readonly<Record<string, string | undefined>>;

/** What stands behind the question mark, and a way to change some of it: undefined or empty takes a field out. */
export function useSearchFields(): [URLSearchParams, (changes: Fields, push?: boolean) => void] {
  useSearch();
  const [, navigate] = useLocation();
  const change = useCallback(
    (changes: Fields, push = false) => {
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      const search = next.toString();
      navigate(window.location.pathname + (search ? `?${search}` : ''), { replace: !push });
    },
    [navigate],
  );
  return [new URLSearchParams(window.location.search), change];
}
