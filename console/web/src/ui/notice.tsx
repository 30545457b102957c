import { useSyncExternalStore, type ReactNode } from 'react';
import { useLocation } from 'wouter';

interface Said {
  readonly text: ReactNode;
  readonly isError: boolean;
  /** Path of the page that shows it. */
  readonly path: string;
}

let said: Said | undefined;
const listeners = new Set<() => void>();

/** Tells on the page what an action did whose button is gone, such as the deletion of a schedule. */
export function announce(text: ReactNode, isError = false): void {
  keep({ text, isError, path: window.location.pathname });
}

function keep(next: Said | undefined): void {
  said = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Shows what an action announced, until the reader closes it or leaves the page. */
export function Notice() {
  const shown = useSyncExternalStore(subscribe, () => said);
  const [path] = useLocation();
  if (!shown || shown.path !== path) return null;
  return (
    <div
      role={shown.isError ? 'alert' : 'status'}
      className={`notice notice-${shown.isError ? 'bad' : 'good'} row`}
    >
      <span>{shown.text}</span>
      <button type="button" className="button button-small push" onClick={() => keep(undefined)}>
        Close
      </button>
    </div>
  );
}
