/** Keeps the console's token until the tab closes. */
import { useSyncExternalStore } from 'react';

const KEY = 'citibike-token';
const listeners = new Set<() => void>();

export function storedToken(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export function keepToken(token: string | undefined): void {
  if (token) sessionStorage.setItem(KEY, token);
  else sessionStorage.removeItem(KEY);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useToken(): string | undefined {
  return useSyncExternalStore(subscribe, storedToken);
}
