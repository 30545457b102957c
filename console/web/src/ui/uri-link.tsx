import { Link } from 'wouter';
import { address, contentUrl, shortUri } from '../format/addresses.ts';

/** An artifact by the end of its address, whole on hover. */
export function UriLink({ uri, text }: { readonly uri: string; readonly text?: string }) {
  return (
    <Link href={address.artifact(uri)} title={uri} className="mono">
      {text ?? shortUri(uri)}
    </Link>
  );
}

/** Opens a report in a tab of its own; the server sends it sandboxed. */
export function ReportLink({ uri, children }: { readonly uri: string; readonly children: string }) {
  return (
    <a className="button button-small" href={contentUrl(uri)} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
