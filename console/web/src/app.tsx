import { useQueryClient } from '@tanstack/react-query';
import { Suspense, lazy, useEffect, useRef, useState } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { followEvents, type LiveState } from './api/live.ts';
import { useStatus } from './api/queries.ts';
import { useMayRead } from './api/session.ts';
import { useToken } from './api/token.ts';
import { nameOfUpstream } from './ui/answered.tsx';
import { Crash } from './ui/crash.tsx';
import { Gate } from './ui/gate.tsx';
import { Empty, Loading, PageHead } from './ui/panel.tsx';
import { StateIcon } from './ui/state-badge.tsx';
import { applyTheme, nextTheme, storedTheme } from './ui/theme.ts';
import { TokenButton } from './ui/token-button.tsx';

const Overview = lazy(async () => ({ default: (await import('./pages/overview.tsx')).Overview }));
const Runs = lazy(async () => ({ default: (await import('./pages/runs.tsx')).Runs }));
const Run = lazy(async () => ({ default: (await import('./pages/run.tsx')).Run }));
const NewRun = lazy(async () => ({ default: (await import('./pages/new-run.tsx')).NewRun }));
const Data = lazy(async () => ({ default: (await import('./pages/data.tsx')).Data }));
const Month = lazy(async () => ({ default: (await import('./pages/month.tsx')).Month }));
const Artifacts = lazy(async () => ({ default: (await import('./pages/artifacts.tsx')).Artifacts }));
const Models = lazy(async () => ({ default: (await import('./pages/models.tsx')).Models }));
const Model = lazy(async () => ({ default: (await import('./pages/model.tsx')).Model }));
const Version = lazy(async () => ({ default: (await import('./pages/version.tsx')).Version }));
const Compare = lazy(async () => ({ default: (await import('./pages/compare.tsx')).Compare }));
const Experiments = lazy(async () => ({ default: (await import('./pages/experiments.tsx')).Experiments }));
const Experiment = lazy(async () => ({ default: (await import('./pages/experiment.tsx')).Experiment }));
const Drift = lazy(async () => ({ default: (await import('./pages/drift.tsx')).Drift }));
const Predict = lazy(async () => ({ default: (await import('./pages/predict.tsx')).Predict }));
const Schedules = lazy(async () => ({ default: (await import('./pages/schedules.tsx')).Schedules }));

const PAGES = [
  ['/', 'Overview'],
  ['/runs', 'Runs'],
  ['/data', 'Data'],
  ['/artifacts', 'Artifacts'],
  ['/models', 'Models'],
  ['/experiments', 'Experiments'],
  ['/drift', 'Drift'],
  ['/predict', 'Predict'],
  ['/schedules', 'Schedules'],
] as const;

/** The pages, or, where looking needs the token and there is none, the question for it. */
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
    const name = PAGES.find(([href]) => href === '/' + (path.split('/')[1] ?? ''))?.[1] ?? 'Citi Bike';
    document.title = `${name} · Citi Bike console`;
    if (seen.current === path) return;
    seen.current = path;
    // A new page begins at its top, also for who reads it by ear.
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        To the content
      </a>
      <Side path={path} />
      <main id="main" className="main" ref={main} tabIndex={-1}>
        <Crash key={path}>
          <Suspense fallback={<Loading what="the page" />}>
            <Switch>
              <Route path="/" component={Overview} />
              <Route path="/runs" component={Runs} />
              <Route path="/runs/:id" component={Run} />
              <Route path="/new-run" component={NewRun} />
              <Route path="/data" component={Data} />
              <Route path="/data/:system/:rules/:month" component={Month} />
              <Route path="/artifacts" component={Artifacts} />
              <Route path="/models" component={Models} />
              <Route path="/models/:name" component={Model} />
              <Route path="/models/:name/versions/:version" component={Version} />
              <Route path="/models/:name/compare" component={Compare} />
              <Route path="/experiments" component={Experiments} />
              <Route path="/experiments/:id" component={Experiment} />
              <Route path="/drift" component={Drift} />
              <Route path="/predict" component={Predict} />
              <Route path="/schedules" component={Schedules} />
              <Route>
                <PageHead title="No such page" />
                <Empty>
                  Nothing lives at this address. <Link href="/">To the overview</Link>
                </Empty>
              </Route>
            </Switch>
          </Suspense>
        </Crash>
      </main>
    </div>
  );
}

function Side({ path }: { readonly path: string }) {
  const section = '/' + (path.split('/')[1] ?? '');
  return (
    <header className="side">
      <Link href="/" className="brand">
        <img src="/favicon.svg" alt="" />
        Citi Bike
      </Link>
      <nav className="nav" aria-label="Pages">
        {PAGES.map(([href, name]) => (
          <Link
            key={href}
            href={href}
            aria-current={
              section === href || (href === '/runs' && section === '/new-run') ? 'page' : undefined
            }
          >
            {name}
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

const LIVE_WORDS: Readonly<Record<LiveState, readonly [state: string, word: string]>> = {
  live: ['up', 'live'],
  connecting: ['running', 'connecting'],
  lost: ['down', 'not live'],
};

/** The servers behind the console, and whether changes are followed as they happen. */
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
