import { Link } from 'wouter';
import { address, contentUrl, shortUri } from '../format/addresses.ts';

/** Links to an artifact by the end of its address; the tooltip has all of it. */
export function UriLink({ uri, text }: { readonly uri: string; readonly text?: string }) {
  return (
    <Link href={address.artifact(uri)} title={uri} className="mono">
      {text ?? shortUri(uri)}
    </Link>
  );
}

/** Opens a report in a new tab. The server sends it sandboxed. */
export function ReportLink({ uri, children }: { readonly uri: string; readonly children: string }) {
  return (
    <a className="button button-small" href={contentUrl(uri, true)} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
