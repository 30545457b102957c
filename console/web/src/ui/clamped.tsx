import { useState } from 'react';

/** Texts up to this length fit the clamped lines at any width. */
const SHORT_CHARS = 160;

/** Shows the first lines of a text, and all of it on demand. */
export function Clamped({ text }: { readonly text: string }) {
  const [isOpen, setOpen] = useState(false);
  if (text.length <= SHORT_CHARS) return <span className="breaks">{text}</span>;
  return (
    <>
      <span className={isOpen ? 'breaks' : 'breaks clamped'}>{text}</span>{' '}
      <button type="button" className="link small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? 'Show less' : 'Show all'}
      </button>
    </>
  );
}
