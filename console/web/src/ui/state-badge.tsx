import type { ReactNode } from 'react';

/** A state has a colour and a shape beside its word, so that colour alone never tells it. */
type Shape =
  'check' | 'cross' | 'ring' | 'dash' | 'square' | 'clock' | 'hollow' | 'half' | 'diamond' | 'triangle';
type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'idle';

const LOOKS: Readonly<Record<string, { tone: Tone; shape: Shape; word?: string }>> = {
  completed: { tone: 'good', shape: 'check' },
  done: { tone: 'good', shape: 'check' },
  up: { tone: 'good', shape: 'check' },
  ok: { tone: 'good', shape: 'check' },
  pass: { tone: 'good', shape: 'check' },
  processed: { tone: 'good', shape: 'check' },
  cached: { tone: 'good', shape: 'half' },
  running: { tone: 'busy', shape: 'ring' },
  started: { tone: 'busy', shape: 'ring' },
  retrying: { tone: 'warn', shape: 'triangle' },
  warn: { tone: 'warn', shape: 'triangle' },
  provisional: { tone: 'warn', shape: 'half' },
  fetched: { tone: 'busy', shape: 'half' },
  approval: { tone: 'warn', shape: 'diamond', word: 'needs approval' },
  waiting: { tone: 'warn', shape: 'diamond' },
  alert: { tone: 'bad', shape: 'triangle' },
  drift: { tone: 'warn', shape: 'triangle' },
  watch: { tone: 'warn', shape: 'triangle' },
  retrain: { tone: 'bad', shape: 'triangle' },
  failed: { tone: 'bad', shape: 'cross' },
  'failed-run': { tone: 'bad', shape: 'cross', word: 'failed run' },
  fail: { tone: 'bad', shape: 'cross' },
  down: { tone: 'bad', shape: 'cross' },
  quarantined: { tone: 'bad', shape: 'cross' },
  rejected: { tone: 'bad', shape: 'cross' },
  'partly-failed': { tone: 'warn', shape: 'triangle', word: 'partly failed' },
  'timed-out': { tone: 'bad', shape: 'clock', word: 'timed out' },
  'rejected-input': { tone: 'idle', shape: 'cross', word: 'rejected input' },
  'not-served': { tone: 'bad', shape: 'triangle', word: 'not served' },
  'no-drift-check': { tone: 'warn', shape: 'clock', word: 'no check' },
  'stale-forecast': { tone: 'warn', shape: 'clock', word: 'stale' },
  'no-webhook': { tone: 'warn', shape: 'triangle', word: 'no webhook' },
  unknown: { tone: 'idle', shape: 'hollow' },
  abandoned: { tone: 'idle', shape: 'square' },
  cancelled: { tone: 'idle', shape: 'dash' },
  terminated: { tone: 'bad', shape: 'square' },
  paused: { tone: 'idle', shape: 'dash' },
  skipped: { tone: 'idle', shape: 'dash' },
  missing: { tone: 'idle', shape: 'hollow' },
  pending: { tone: 'idle', shape: 'hollow' },
  scheduled: { tone: 'idle', shape: 'clock' },
  never: { tone: 'idle', shape: 'hollow', word: 'never ran' },
};

export function lookOf(state: string): { tone: Tone; shape: Shape; word: string } {
  const look = LOOKS[state] ?? { tone: 'idle' as const, shape: 'hollow' as const };
  return { word: state, ...look };
}

const PATHS: Readonly<Record<Shape, ReactNode>> = {
  check: <path d="M3.5 8.5l3 3 6-7" />,
  cross: <path d="M4 4l8 8M12 4l-8 8" />,
  ring: <path d="M8 2.5a5.5 5.5 0 1 1-5.5 5.5" />,
  dash: <path d="M3 8h10" />,
  square: <rect x="4" y="4" width="8" height="8" className="filled" />,
  clock: <path d="M8 2.5a5.5 5.5 0 1 0 .01 0M8 5v3l2 1.5" />,
  hollow: <circle cx="8" cy="8" r="4.5" />,
  half: (
    <>
      <circle cx="8" cy="8" r="5" />
      <path className="filled" d="M8 3a5 5 0 0 1 0 10z" />
    </>
  ),
  diamond: <path className="filled" d="M8 2l6 6-6 6-6-6z" />,
  triangle: <path d="M8 2.5l6 10.5H2zM8 6.5v3M8 11.3v.2" />,
};

export function StateIcon({ state }: { readonly state: string }) {
  const { tone, shape } = lookOf(state);
  return (
    <svg
      className={`icon ink-${tone}${shape === 'ring' ? ' spin' : ''}`}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      {PATHS[shape]}
    </svg>
  );
}

export function StateBadge({ state, children }: { readonly state: string; readonly children?: ReactNode }) {
  const { tone, word } = lookOf(state);
  return (
    <span className={`badge badge-${tone}`}>
      <StateIcon state={state} />
      {children ?? word}
    </span>
  );
}
