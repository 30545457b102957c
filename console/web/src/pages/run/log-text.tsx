import { useLayoutEffect, useRef } from 'react';

/** Sets the distance in px from the end of the log within which the view follows new lines. */
const NEAR_END = 40;

/** Shows a log at its end, and follows new lines until the reader scrolls back. */
export function LogText({ text }: { readonly text: string }) {
  const view = useRef<HTMLPreElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    if (view.current && follows.current) view.current.scrollTop = view.current.scrollHeight;
  }, [text]);
  return (
    <pre
      ref={view}
      className="code code-log"
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < NEAR_END;
      }}
    >
      {text}
    </pre>
  );
}
