import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { followEvents, type LiveState } from './api/live.ts';
import { useStatus } from './api/queries.ts';
import { useMayRead } from './api/sign-in.ts';
import { useToken } from './api/token.ts';
import { MENU, PAGES, sectionOf } from './pages.ts';
import { nameOfUpstream } from './ui/answered.tsx';
import { Crash } from './ui/crash.tsx';
import { Gate } from './ui/gate.tsx';
import { Notice } from './ui/notice.tsx';
import { Empty, PageHead } from './ui/panel.tsx';
import { StateBadge, StateIcon } from './ui/state-badge.tsx';
import { applyTheme, nextTheme, storedTheme } from './ui/theme.ts';
import { TokenButton } from './ui/token-button.tsx';
import { WebhookNotice } from './ui/webhook-notice.tsx';

/** Shows the pages, or asks for the token where reading needs one. */
export function App() {
  const mayRead = useMayRead();
  if (mayRead === undefined) return null;
  return mayRead ? <Console /> : <Gate />;
}

function Console() {
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  const seen = useRef(path);
  useEffect(() => {
    const entry = MENU.find(({ path: href }) => href === sectionOf(path));
    document.title = `${entry?.label ?? 'Citi Bike'} · Citi Bike console`;
    if (seen.current === path) return;
    seen.current = path;
    // Each page begins at its top, for screen readers too.
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Side path={path} />
      <main id="main" className="main" ref={main} tabIndex={-1}>
        <WebhookNotice />
        <Notice />
        <Crash key={path}>
          <Switch>
            {PAGES.map(({ path: pattern, Page }) => (
              <Route key={pattern} path={pattern} component={Page} />
            ))}
            <Route>
              <PageHead title="Page not found" />
              <Empty>
                No page has this address. <Link href="/">Open the overview</Link>
              </Empty>
            </Route>
          </Switch>
        </Crash>
      </main>
    </div>
  );
}

function Side({ path }: { readonly path: string }) {
  const section = sectionOf(path);
  // A narrow screen folds pages and servers into a menu.
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path]);
  const id = useId();
  return (
    <header
      className={open ? 'side side-open' : 'side'}
      onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}
    >
      <Link href="/" className="brand">
        <img src="/favicon.svg" alt="" />
        Citi Bike
      </Link>
      <div className="menu-button">
        <DownServers />
        <button
          type="button"
          className="button button-small"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          Menu
        </button>
      </div>
      <nav id={id} className="nav" aria-label="Pages">
        {MENU.map(({ path: href, label }) => (
          <Link key={href} href={href} aria-current={section === href ? 'page' : undefined}>
            {label}
          </Link>
        ))}
      </nav>
      <div className="side-foot">
        <Servers />
        <TokenButton />
        <ThemeButton />
      </div>
    </header>
  );
}

/** Says beside the closed menu that a server does not answer. */
function DownServers() {
  const down = Object.entries(useStatus().data?.upstreams ?? {}).filter(([, { state }]) => state === 'down');
  if (down.length === 0) return null;
  return <StateBadge state="down">{down.map(([name]) => nameOfUpstream(name)).join(', ')} down</StateBadge>;
}

const LIVE_WORDS: Readonly<Record<LiveState, readonly [state: string, word: string]>> = {
  live: ['up', 'live'],
  connecting: ['running', 'connecting'],
  lost: ['down', 'disconnected'],
};

/** Lists the servers behind the console, and whether live updates arrive. */
function Servers() {
  const { data } = useStatus();
  const queries = useQueryClient();
  const token = useToken();
  const [live, setLive] = useState<LiveState>('connecting');
  useEffect(() => {
    const stop = new AbortController();
    void followEvents(queries, stop.signal, setLive);
    return () => stop.abort();
  }, [queries, token]);
  const [state, word] = LIVE_WORDS[live];
  return (
    <ul className="upstreams" aria-label="Servers">
      <li>
        <StateIcon state={state} />
        {word}
      </li>
      {Object.entries(data?.upstreams ?? {}).map(([name, upstream]) => (
        <li key={name} title={upstream.error ?? ''}>
          <StateIcon state={upstream.state} />
          {nameOfUpstream(name).replace('The p', 'P')}
          {upstream.state === 'down' && ': down'}
        </li>
      ))}
    </ul>
  );
}

function ThemeButton() {
  const [theme, setTheme] = useState(storedTheme);
  const next = nextTheme(theme);
  const change = () => {
    applyTheme(next);
    setTheme(next);
  };
  return (
    <button type="button" className="button button-quiet" onClick={change} title={`Change to ${next}`}>
      Theme: {theme}
    </button>
  );
}
