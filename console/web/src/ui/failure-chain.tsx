import type { Failure } from '../api/bodies.ts';

/** Outermost first: what went wrong, and what that came of. */
export function FailureChain({ chain }: { readonly chain: readonly Failure[] }) {
  return (
    <ol className="failure">
      {chain.map(({ message, type, stack }, i) => (
        <li key={i} className="notice notice-bad">
          {i > 0 && <span className="muted small">because of </span>}
          <b className="mono">{type}</b> {message}
          {stack && (
            <details>
              <summary className="small">Stack</summary>
              <pre className="code code-log" tabIndex={0}>
                {stack}
              </pre>
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}
