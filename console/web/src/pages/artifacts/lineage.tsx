import { useState } from 'react';
import { useLocation } from 'wouter';
import { address } from '../../format/addresses.ts';
import { artifactName, kindOf } from '../../format/artifact-name.ts';
import { number, plural } from '../../format/numbers.ts';
import { GraphView } from '../../graph/graph-view.tsx';
import { edgesOf } from '../../graph/layered-layout.ts';
import { lineageGroups, summaryOf } from '../../graph/lineage-groups.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { UriLink } from '../../ui/uri-link.tsx';
import { useLineage, type Direction, type Lineage as LineageBody } from './queries.ts';

const DIRECTIONS: readonly (readonly [Direction, string])[] = [
  ['both', 'Both'],
  ['up', 'Upstream'],
  ['down', 'Downstream'],
];

/** Shows what an artifact was made from, and what was made from it. */
export function Lineage({ uri }: { readonly uri: string }) {
  const [direction, setDirection] = useState<Direction>('both');
  const [depth, setDepth] = useState(6);
  const query = useLineage(uri, direction, depth);
  return (
    <Panel title="Lineage">
      <div className="row">
        <div className="tabs" role="group" aria-label="Direction">
          {DIRECTIONS.map(([name, label]) => (
            <button
              key={name}
              type="button"
              aria-pressed={direction === name}
              onClick={() => setDirection(name)}
            >
              {label}
            </button>
          ))}
        </div>
        <label className="row small">
          Depth
          <input
            type="range"
            min="1"
            max="12"
            value={depth}
            onChange={(event) => setDepth(Number(event.target.value))}
          />
          <span className="num">{depth}</span>
        </label>
      </div>
      <Answered query={query} what="the lineage">
        {({ data, upstreams }) => {
          if (data && data.nodes.length > 1) return <Graph uri={uri} lineage={data} />;
          if (
            !data ||
            Object.values(upstreams).some((one) => one.state === 'down' || one.error !== undefined)
          )
            return <Outages upstreams={upstreams} />;
          return (
            <Empty>
              No lineage is recorded for this artifact. Runs record the artifacts that they read and write.
            </Empty>
          );
        }}
      </Answered>
    </Panel>
  );
}

function Graph({ uri, lineage }: { readonly uri: string; readonly lineage: LineageBody }) {
  const [, navigate] = useLocation();
  const [opened, setOpened] = useState<string>();
  const { groups, edges } = lineageGroups(lineage.nodes, edgesOf(lineage.edges), uri);
  const group = groups.find(({ id }) => id === opened);
  const stepOf = new Map(lineage.nodes.map((node) => [node.uri, node.step]));
  const select = (id: string) => {
    const { uris } = groups.find((one) => one.id === id)!;
    if (uris.length === 1) navigate(address.artifact(uris[0]!));
    else setOpened(id === opened ? undefined : id);
  };
  return (
    <>
      <p className="hint">
        {plural(lineage.nodes.length, 'file')} of {plural(groups.length, 'output')}
        {!lineage.complete && '; a greater depth finds more'}. Arrows point downstream. A node with several
        files lists them.
      </p>
      <GraphView
        label="Graph of the lineage"
        fit
        edges={edges}
        nodes={groups.map((one) => ({
          id: one.id,
          title: one.names.length > 1 ? `${one.kind} × ${number(one.names.length)}` : one.kind,
          lines: [summaryOf(one)],
          state: one.here ? 'running' : 'pending',
          here: one.here,
        }))}
        onSelect={select}
      />
      {group && (
        <Table
          caption={`Files: ${group.kind}`}
          rows={[...group.uris].sort((a, b) => artifactName(a).localeCompare(artifactName(b)))}
          rowKey={(each) => each}
          columns={[
            { head: 'File', cell: (each) => <UriLink uri={each} text={artifactName(each)} /> },
            { head: 'Kind', cell: (each) => kindOf(each, stepOf.get(each) ?? null) },
          ]}
        />
      )}
    </>
  );
}
