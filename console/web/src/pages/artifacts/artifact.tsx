import { Link } from 'wouter';
import { address, contentUrl, s3Parts } from '../../format/addresses.ts';
import { bytes, number } from '../../format/numbers.ts';
import { artifactName } from '../../format/artifact-name.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { JsonTree } from '../../ui/json-tree.tsx';
import { Empty, PageHead, Panel } from '../../ui/panel.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { ReportLink } from '../../ui/uri-link.tsx';
import { crumbsOf } from './folder-crumbs.ts';
import { Lineage } from './lineage.tsx';
import { Preview } from './preview.tsx';
import { useManifest } from './queries.ts';

/** Represents the fields of a manifest (contracts/artifact.ts) that the page shows by name. */
interface Manifest {
  readonly step?: string;
  readonly workflowId?: string;
  readonly runId?: string;
  readonly createdAt?: string;
  readonly codeVersion?: string;
  readonly synthetic?: boolean;
  readonly artifact?: { readonly rows?: number; readonly sha256?: string };
}

/** Shows one artifact with a preview, its manifest and its lineage. */
export function Artifact({ uri }: { readonly uri: string }) {
  const query = useManifest(uri);
  const { bucket = '', key = uri } = s3Parts(uri) ?? {};
  const isPage = /\.html?$/.test(key);
  return (
    <>
      <PageHead
        title={artifactName(uri)}
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
      <Preview uri={uri} />
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
                <div className="json-tree">
                  <JsonTree value={data.manifest} />
                </div>
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
