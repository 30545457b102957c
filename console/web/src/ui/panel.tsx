import { useId, type ReactNode } from 'react';
import { Link } from 'wouter';

interface PanelProps {
  readonly title: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** Groups a part of a page under a title. */
export function Panel({ title, aside, children }: PanelProps) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        {aside && <div className="panel-aside">{aside}</div>}
      </header>
      {children}
    </section>
  );
}

/** Says why there is nothing to show, and how to fill the place. */
export function Empty({ children }: { readonly children: ReactNode }) {
  return <p className="empty">{children}</p>;
}

/** Says that a server's data are missing because it does not answer. */
export function Unavailable({ server }: { readonly server: string }) {
  return <Empty>{server} does not answer, so this is unavailable.</Empty>;
}

export function Loading({ what }: { readonly what: string }) {
  return (
    <div className="loading" role="status">
      <span className="skeleton" />
      <span className="skeleton skeleton-short" />
      <span className="hidden">Loading {what} …</span>
    </div>
  );
}

interface PageHeadProps {
  readonly title: ReactNode;
  readonly crumbs?: readonly { href: string; label: string }[];
  readonly actions?: ReactNode;
}

export function PageHead({ title, crumbs = [], actions }: PageHeadProps) {
  return (
    <header className="page-head">
      <div>
        {crumbs.length > 0 && (
          <nav className="crumbs" aria-label="Breadcrumb">
            {crumbs.map(({ href, label }) => (
              <Link key={href} href={href}>
                {label}
              </Link>
            ))}
          </nav>
        )}
        <h1>{title}</h1>
      </div>
      {actions && <div className="actions">{actions}</div>}
    </header>
  );
}
