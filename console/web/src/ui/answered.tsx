import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { messageOf } from '../api/problem.ts';
import { Loading } from './panel.tsx';
import { StateIcon } from './state-badge.tsx';
import { TimeAgo } from './time-ago.tsx';

interface AnsweredProps<T> {
  readonly query: UseQueryResult<T>;
  /** Names the data within a sentence, such as 'the runs'. */
  readonly what: string;
  readonly children: (answer: T) => ReactNode;
}

/** Shows an answer, a placeholder until it arrives, or why the query failed. A failed refresh keeps the last answer. */
export function Answered<T>({ query, what, children }: AnsweredProps<T>) {
  if (query.isPending) return <Loading what={what} />;
  return (
    <>
      {query.isError && (
        <div role="alert" className="notice notice-bad row">
          <span>
            {query.data === undefined
              ? `Cannot show ${what}: `
              : `Cannot refresh ${what}, so this is its last known state: `}
            {messageOf(query.error)}
          </span>
          <button type="button" className="button button-small" onClick={() => void query.refetch()}>
            Retry
          </button>
        </div>
      )}
      {query.data !== undefined && children(query.data)}
    </>
  );
}

type Upstreams = Readonly<
  Record<
    string,
    { readonly state: 'up' | 'down'; readonly error?: string; readonly asOf: string } | undefined
  >
>;

/**
 * Lists each server that is down or rejects a request, and what is missing because of it. Shows nothing when
 * all answer.
 */
export function Outages({ upstreams }: { readonly upstreams: Upstreams }) {
  const failing = Object.entries(upstreams).filter(
    ([, upstream]) => upstream?.state === 'down' || upstream?.error !== undefined,
  );
  if (failing.length === 0) return null;
  return (
    <ul className="stack-tight" role="status">
      {failing.map(([name, upstream]) => (
        <li key={name} className="notice notice-warn">
          <StateIcon state="down" />{' '}
          <b>
            {nameOfUpstream(name)} {upstream?.state === 'down' ? 'does not answer' : 'rejected the request'}
          </b>
          {upstream?.error && `: ${upstream.error}`}. This page shows no data from it, or data from{' '}
          <TimeAgo at={upstream?.asOf} />.
        </li>
      ))}
    </ul>
  );
}

const NAMES: Readonly<Record<string, string>> = {
  temporal: 'Temporal',
  mlflow: 'MLflow',
  s3: 'S3',
  postgres: 'Postgres',
  inference: 'The prediction service',
};

export function nameOfUpstream(name: string): string {
  return NAMES[name] ?? name;
}
