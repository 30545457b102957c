import { useState } from 'react';

/** Copies a text and confirms it. */
export function CopyButton({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    );
  return (
    <button type="button" className="button button-small" onClick={() => void copy()} aria-live="polite">
      {outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'Copy failed' : label}
    </button>
  );
}
