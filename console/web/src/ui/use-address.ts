/**
 * Reads the page's address from the browser. The router decodes `%25` but not `%2F`, so an id with a percent sign
 * cannot be restored from what the router returns.
 */
import { useCallback } from 'react';
import { useLocation, useSearch } from 'wouter';

/** Returns the decoded parts of the path, such as `runs` and `a/b` of `/runs/a%2Fb`. */
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

/** Returns the search fields of the address and a function that changes some; undefined or empty removes a field. */
export function useSearchFields(): [URLSearchParams, (changes: Fields) => void] {
  useSearch();
  const [, navigate] = useLocation();
  const change = useCallback(
    (changes: Fields) => {
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      const search = next.toString();
      navigate(window.location.pathname + (search ? `?${search}` : ''), { replace: true });
    },
    [navigate],
  );
  return [new URLSearchParams(window.location.search), change];
}
