import { useLayoutEffect, useRef, useState } from 'react';

/** Shows the first three lines of a text, and all of it on demand. */
export function Clamped({ text }: { readonly text: string }) {
  const element = useRef<HTMLSpanElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [isCut, setCut] = useState(false);
  useLayoutEffect(() => {
    const span = element.current;
    if (!span || isOpen) return undefined;
    const measure = () => setCut(span.scrollHeight > span.clientHeight + 1);
    const observer = new ResizeObserver(measure);
    observer.observe(span);
    measure();
    return () => observer.disconnect();
  }, [text, isOpen]);
  return (
    <>
      <span ref={element} className={isOpen ? 'breaks' : 'breaks clamped'}>
        {text}
      </span>
      {(isCut || isOpen) && (
        <button type="button" className="link small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Show less' : 'Show all'}
        </button>
      )}
    </>
  );
}
