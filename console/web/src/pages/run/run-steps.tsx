import { useState } from 'react';
import { useLocation } from 'wouter';
import type { RunDetail } from '../../api/bodies.ts';
import { TimeLine } from '../../charts/time-line.tsx';
import { address } from '../../format/addresses.ts';
import { number } from '../../format/numbers.ts';
import { duration } from '../../format/time.ts';
import { GraphView } from '../../graph/graph-view.tsx';
import { edgesOf } from '../../graph/layered-layout.ts';
import { groupEdges, groupSteps } from '../../graph/step-groups.ts';
import { Panel } from '../../ui/panel.tsx';
import { StepTable } from './step-table.tsx';

interface StepsProps {
  readonly detail: RunDetail;
  readonly steps: NonNullable<RunDetail['steps']>;
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
}

const VIEWS = ['Graph', 'Timeline', 'Table'] as const;
/** A timeline of more rows is unreadable. */
const LONGEST_TIMELINE = 300;

/** Shows the steps of a run as a graph grouped by name, as a timeline or as a table. */
export function Steps({ detail, steps, selected, onSelect }: StepsProps) {
  const [view, setView] = useState<(typeof VIEWS)[number]>('Graph');
  const [only, setOnly] = useState<string>();
  const [, navigate] = useLocation();
  const groups = groupSteps(steps);
  const shown = only === undefined ? steps : steps.filter(({ name }) => name === only);
  const selectGroup = (name: string) => {
    const group = groups.find((one) => one.name === name)!;
    const [single] = group.steps;
    if (group.steps.length === 1 && single) {
      if (single.kind === 'child' && single.childWorkflowId)
        navigate(address.run(single.childWorkflowId, single.childRunId));
      else onSelect(single.id);
      return;
    }
    setOnly(name);
    setView('Table');
  };
  return (
    <Panel
      title={`Steps (${number(steps.length)})`}
      aside={
        only !== undefined && (
          <button type="button" className="button button-small" onClick={() => setOnly(undefined)}>
            Show all steps, not only {only}
          </button>
        )
      }
    >
      <div className="tabs" role="group" aria-label="View">
        {VIEWS.map((name) => (
          <button key={name} type="button" aria-pressed={view === name} onClick={() => setView(name)}>
            {name}
          </button>
        ))}
      </div>
      {view === 'Graph' && (
        <GraphView
          label="Graph of the steps"
          edges={groupEdges(steps, edgesOf(detail.edges))}
          nodes={groups.map((group) => ({
            id: group.name,
            title: group.name,
            state: group.state,
            lines: [
              [
                group.state === 'cached' ? 'cached' : group.state,
                group.attempts > 1 ? `attempt ${group.attempts}` : '',
                group.kind === 'activity' ? '' : group.kind,
              ]
                .filter(Boolean)
                .join(' · '),
              group.steps.length > 1
                ? `${group.closed} of ${group.steps.length}${group.cached ? `, ${group.cached} cached` : ''}`
                : duration(group.spent),
            ],
            here: group.steps.some(({ id }) => id === selected),
          }))}
          onSelect={selectGroup}
        />
      )}
      {view === 'Timeline' && (
        <>
          {shown.length > LONGEST_TIMELINE && (
            <p className="hint">
              The timeline shows the first {number(LONGEST_TIMELINE)} of {number(shown.length)} steps. The
              table shows all.
            </p>
          )}
          <TimeLine
            selected={selected}
            onSelect={onSelect}
            spans={shown.slice(0, LONGEST_TIMELINE).map((step) => ({
              id: step.id,
              label: step.name,
              state: step.cached ? 'cached' : step.state,
              from: Date.parse(step.startedAt ?? step.scheduledAt),
              to: step.closedAt ? Date.parse(step.closedAt) : Date.now(),
            }))}
          />
        </>
      )}
      {view === 'Table' && <StepTable steps={shown} selected={selected} onSelect={onSelect} />}
    </Panel>
  );
}
