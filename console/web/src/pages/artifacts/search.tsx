import { useId } from 'react';
import { Link } from 'wouter';
import { address } from '../../format/addresses.ts';
import { artifactName, kindOf } from '../../format/artifact-name.ts';
import { number } from '../../format/numbers.ts';
import { LoadMore } from '../../ui/load-more.tsx';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Empty, Panel, Unavailable } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { UriLink } from '../../ui/uri-link.tsx';
import { useSearchFields } from '../../ui/use-address.ts';
import { useArtifactSearch } from './queries.ts';

/** Lists the artifacts of all runs by kind, and searches them. */
export function Search() {
  const [fields, change] = useSearchFields();
  const step = fields.get('step') ?? '';
  const q = fields.get('q') ?? '';
  const query = useArtifactSearch(step, q);
  const ids = { kind: useId(), words: useId() };
  return (
    <Panel title="Artifacts of runs">
      <Answered query={query} what="the artifacts">
        {({ pages }) => {
          const { data, upstreams } = pages[0]!;
          const items = pages.flatMap((page) => page.data.items ?? []);
          return (
            <>
              <Outages upstreams={upstreams} />
              <div className="filters">
                <div className="field">
                  <label htmlFor={ids.kind}>Kind</label>
                  <select
                    id={ids.kind}
                    value={step}
                    onChange={(event) => change({ step: event.target.value })}
                  >
                    <option value="">any</option>
                    {data.steps?.map((each) => (
                      <option key={each.step} value={each.step}>
                        {kindOf('', each.step)} ({number(each.artifacts)})
                      </option>
                    ))}
                  </select>
                </div>
                <div className="field">
                  <label htmlFor={ids.words}>Search</label>
                  <input
                    id={ids.words}
                    type="search"
                    value={q}
                    maxLength={200}
                    placeholder="2024-03 nyc"
                    onChange={(event) => change({ q: event.target.value })}
                  />
                </div>
              </div>
              {data.items === null && <Unavailable server="Postgres" />}
              {data.items?.length === 0 && (
                <Empty>No artifact matches. Clear the search, or start a run that makes some.</Empty>
              )}
              {items.length > 0 && (
                <Table
                  caption="Artifacts, newest first"
                  isPartial={query.hasNextPage}
                  rows={items}
                  rowKey={({ uri }) => uri}
                  columns={[
                    { head: 'Kind', cell: (item) => kindOf(item.uri, item.step) },
                    { head: 'Artifact', cell: ({ uri }) => <UriLink uri={uri} text={artifactName(uri)} /> },
                    {
                      head: 'Run',
                      cell: ({ workflowId }) => <Link href={address.run(workflowId)}>{workflowId}</Link>,
                    },
                    { head: 'Written', cell: ({ recordedAt }) => <TimeAgo at={recordedAt} /> },
                  ]}
                />
              )}
              <LoadMore query={query} />
            </>
          );
        }}
      </Answered>
    </Panel>
  );
}
