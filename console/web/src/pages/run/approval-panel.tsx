import type { RunDetail } from '../../api/bodies.ts';
import { ChampionComparison } from '../../panels/champion-comparison.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';

interface ApprovalPanelProps {
  readonly approval: NonNullable<RunDetail['approval']>;
}

/** Says what waits for a person, with what the decision needs. */
export function ApprovalPanel({ approval: { what, model, version } }: ApprovalPanelProps) {
  return (
    <Panel title="Waiting for approval" aside={<StateBadge state="approval" />}>
      <p className="prose">{what}</p>
      {model !== null && version !== null && <ChampionComparison model={model} version={version} />}
    </Panel>
  );
}
