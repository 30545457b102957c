import { useState } from 'react';
import type { Run } from '../../api/bodies.ts';
import { logUrl } from '../../format/addresses.ts';
import { Answered } from '../../ui/answered.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { LogText } from './log-text.tsx';
import { useRunLog } from './queries.ts';

/** Shows the end of the log of all steps and child runs in order of time, once the reader opens it. */
export function RunLog({ run }: { readonly run: Run }) {
  const [isOpen, setIsOpen] = useState(false);
  const log = useRunLog(run, isOpen);
  return (
    <Panel
      title="Log of all steps"
      aside={
        <>
          <button
            type="button"
            className="button button-small"
            aria-expanded={isOpen}
            onClick={() => setIsOpen(!isOpen)}
          >
            {isOpen ? 'Hide' : 'Show'}
          </button>
          <a className="button button-small" href={logUrl(run.workflowId, run.runId)}>
            Whole log of the run
          </a>
        </>
      }
    >
      {isOpen ? (
        <Answered query={log} what="the log">
          {(text) =>
            text ? <LogText text={text} /> : <Empty>No step of this run has logged anything yet.</Empty>
          }
        </Answered>
      ) : (
        <p className="hint">The lines of every step and child run, in order of time.</p>
      )}
    </Panel>
  );
}
