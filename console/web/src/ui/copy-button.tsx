import { useState } from 'react';

/** Copies a text and says so. */
export function CopyButton({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'refused'>();
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    );
  return (
    <button type="button" className="button button-small" onClick={() => void copy()} aria-live="polite">
      {outcome === 'copied' ? 'Copied' : outcome === 'refused' ? 'Select and copy it by hand' : label}
    </button>
  );
}
