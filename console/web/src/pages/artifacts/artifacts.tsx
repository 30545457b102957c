import { Link } from 'wouter';
import { address, s3Parts, shortUri } from '../../format/addresses.ts';
import { bytes, plural } from '../../format/numbers.ts';
import { LoadMore } from '../../ui/load-more.tsx';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Empty, PageHead, Panel, Unavailable } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { UriLink } from '../../ui/uri-link.tsx';
import { useSearchFields } from '../../ui/use-address.ts';
import { Artifact } from './artifact.tsx';
import { crumbsOf } from './folder-crumbs.ts';
import { useFolder } from './queries.ts';
import { Search } from './search.tsx';

/** Searches artifacts, browses the folders of S3, or shows one artifact. */
export function Artifacts() {
  const [fields] = useSearchFields();
  const uri = fields.get('uri') ?? undefined;
  if (uri) return <Artifact key={uri} uri={uri} />;
  const bucket = fields.get('bucket') ?? undefined;
  return <Folder bucket={bucket} prefix={fields.get('prefix') ?? ''} />;
}

function Folder({ bucket, prefix }: { readonly bucket: string | undefined; readonly prefix: string }) {
  const query = useFolder(bucket, prefix);
  return (
    <>
      <PageHead
        title={bucket ? (prefix ? shortUri(prefix) : bucket) : 'Artifacts'}
        crumbs={bucket ? crumbsOf(bucket, prefix) : []}
      />
      <Answered query={query} what="the folder">
        {({ pages }) => {
          const { data, upstreams } = pages[0]!;
          const objects = pages.flatMap((page) => page.data.objects ?? []);
          const folders = pages.flatMap((page) => page.data.folders ?? []);
          return (
            <>
              <Outages upstreams={upstreams} />
              {!bucket && <Search />}
              {!bucket && (
                <Panel title="Buckets">
                  <ul className="list">
                    {data.buckets.map((name) => (
                      <li key={name}>
                        <Link href={address.folder(name, '')}>{name}</Link>
                      </li>
                    ))}
                  </ul>
                </Panel>
              )}
              {bucket && data.objects === null && <Unavailable server="S3" />}
              {bucket && data.objects !== null && (
                <Panel title={`${plural(folders.length, 'folder')}, ${plural(objects.length, 'object')}`}>
                  {folders.length + objects.length === 0 && <Empty>This folder is empty.</Empty>}
                  <ul className="folders">
                    {folders.map((folder) => (
                      <li key={folder}>
                        <Link href={address.folder(bucket, folder)}>{folder.slice(prefix.length)}</Link>
                      </li>
                    ))}
                  </ul>
                  {objects.length > 0 && (
                    <Table
                      caption="Objects"
                      isPartial={query.hasNextPage}
                      rows={objects}
                      rowKey={({ uri }) => uri}
                      columns={[
                        {
                          head: 'Object',
                          cell: ({ uri }) => (
                            <UriLink uri={uri} text={s3Parts(uri)?.key.slice(prefix.length) ?? uri} />
                          ),
                        },
                        {
                          head: 'Size',
                          numeric: true,
                          value: (object) => object.bytes,
                          cell: (object) => bytes(object.bytes),
                        },
                        { head: 'Written', cell: ({ modified }) => <TimeAgo at={modified} /> },
                      ]}
                    />
                  )}
                  <LoadMore query={query} />
                </Panel>
              )}
            </>
          );
        }}
      </Answered>
    </>
  );
}
