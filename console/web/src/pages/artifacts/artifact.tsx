import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { address, contentUrl, placeOf, s3Parts } from '../../format/addresses.ts';
import { bytes, number, plural } from '../../format/numbers.ts';
import { GraphView } from '../../graph/graph-view.tsx';
import { edgesOf } from '../../graph/layered-layout.ts';
import { withoutShortcuts } from '../../graph/step-groups.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Empty, PageHead, Panel } from '../../ui/panel.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { ReportLink } from '../../ui/uri-link.tsx';
import { crumbsOf } from './folder-crumbs.ts';
import { useLineage, useManifest, type Direction } from './queries.ts';

/** Fields of a manifest (contracts/artifact.ts) that the page shows by name. */
interface Manifest {
  readonly step?: string;
  readonly workflowId?: string;
  readonly runId?: string;
  readonly createdAt?: string;
  readonly codeVersion?: string;
  readonly synthetic?: boolean;
  readonly artifact?: { readonly rows?: number; readonly sha256?: string };
}

/** Shows one artifact with its manifest and its lineage. */
export function Artifact({ uri }: { readonly uri: string }) {
  const query = useManifest(uri);
  const { bucket = '', key = uri } = s3Parts(uri) ?? {};
  const isPage = /\.html?$/.test(key);
  return (
    <>
      <PageHead
        title={key.split('/').at(-1) || uri}
        crumbs={crumbsOf(bucket, key)}
        actions={
          <>
            {isPage && <ReportLink uri={uri}>Open report</ReportLink>}
            <a className="button" href={contentUrl(uri)} download>
              Download
            </a>
          </>
        }
      />
      <div className="grid-2">
        <Panel title="Artifact" aside={<CopyButton text={uri} label="Copy address" />}>
          <Answered query={query} what="the artifact">
            {({ data, upstreams }) => {
              const manifest = data?.manifest as Manifest | null | undefined;
              return (
                <>
                  <Outages upstreams={upstreams} />
                  <Facts
                    facts={[
                      ['address', <code key="uri">{uri}</code>],
                      ['size', data && bytes(data.bytes)],
                      ['written', data && <TimeAgo at={data.modified} />],
                      ['rows', manifest?.artifact?.rows !== undefined && number(manifest.artifact.rows)],
                      ['step', manifest?.step],
                      [
                        'workflow',
                        manifest?.workflowId && (
                          <Link href={address.run(manifest.workflowId, manifest.runId)}>
                            {manifest.workflowId}
                          </Link>
                        ),
                      ],
                      ['code', manifest?.codeVersion],
                      ['SHA-256', manifest?.artifact?.sha256 && <code>{manifest.artifact.sha256}</code>],
                      ['synthetic', manifest?.synthetic && 'yes: no real trips'],
                    ]}
                  />
                </>
              );
            }}
          </Answered>
        </Panel>
        <Panel title="Manifest">
          <Answered query={query} what="the manifest">
            {({ data }) =>
              data?.manifest ? (
                <JsonView value={data.manifest} />
              ) : (
                <Empty>This object has no manifest.</Empty>
              )
            }
          </Answered>
        </Panel>
      </div>
      <Lineage uri={uri} />
    </>
  );
}

const DIRECTIONS: readonly (readonly [Direction, string])[] = [
  ['both', 'Both'],
  ['up', 'Upstream'],
  ['down', 'Downstream'],
];
/** More nodes than this are unreadable. */
const MOST_NODES = 120;

function Lineage({ uri }: { readonly uri: string }) {
  const [direction, setDirection] = useState<Direction>('both');
  const [depth, setDepth] = useState(3);
  const [, navigate] = useLocation();
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
          if (!data) return <Outages upstreams={upstreams} />;
          if (data.nodes.length <= 1) {
            if (Object.values(upstreams).some((one) => one.state === 'down' || one.error !== undefined)) {
              return <Outages upstreams={upstreams} />;
            }
            return (
              <Empty>
                No lineage is recorded for this artifact. Runs record the artifacts that they read and write.
              </Empty>
            );
          }
          const nearest = [...data.nodes].sort((a, b) => Math.abs(a.distance) - Math.abs(b.distance));
          const shown = new Set(nearest.slice(0, MOST_NODES).map((node) => node.uri));
          const nodes = data.nodes.filter((node) => shown.has(node.uri));
          return (
            <>
              <p className="hint">
                {plural(data.nodes.length, 'artifact')}
                {nodes.length < data.nodes.length && `; the graph shows the nearest ${nodes.length}`}
                {!data.complete && '; a greater depth finds more'}. Arrows point downstream.
              </p>
              <GraphView
                label="Graph of the lineage"
                edges={withoutShortcuts(
                  edgesOf(data.edges).filter(([from, to]) => shown.has(from) && shown.has(to)),
                )}
                nodes={nodes.map((node) => ({
                  id: node.uri,
                  title: node.name,
                  lines: [node.step ? `by ${node.step}` : 'external', placeOf(node.uri)],
                  state: node.uri === uri ? 'running' : 'pending',
                  here: node.uri === uri,
                }))}
                onSelect={(next) => navigate(address.artifact(next))}
              />
            </>
          );
        }}
      </Answered>
    </Panel>
  );
}
