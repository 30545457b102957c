import type { Failure } from '../api/bodies.ts';
import { Clamped } from './clamped.tsx';

/** Lists a failure and its causes, outermost first. */
export function FailureChain({ chain }: { readonly chain: readonly Failure[] }) {
  return (
    <ol className="failure">
      {chain.map(({ message, type, stack }, i) => (
        <li key={i} className="notice notice-bad">
          {i > 0 && <span className="muted small">caused by </span>}
          <b className="mono">{type}</b> <Clamped text={message} />
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
