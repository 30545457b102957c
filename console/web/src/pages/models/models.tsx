import { Link } from 'wouter';
import { address } from '../../format/addresses.ts';
import { number } from '../../format/numbers.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Empty, PageHead, Panel, Unavailable } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { useModels } from './queries.ts';

/** Lists the registered models. */
export function Models() {
  const query = useModels();
  return (
    <>
      <PageHead title="Models" />
      <Panel title="Registry">
        <Answered query={query} what="the models">
          {({ data, upstreams }) => (
            <>
              <Outages upstreams={upstreams} />
              {data.items === null && <Unavailable server="MLflow" />}
              {data.items?.length === 0 && (
                <Empty>
                  No model is registered yet. <Link href={address.newRun('training')}>Train one</Link>.
                </Empty>
              )}
              {data.items && data.items.length > 0 && (
                <Table
                  caption="Registered models"
                  rows={data.items}
                  rowKey={({ name }) => name}
                  columns={[
                    { head: 'Model', cell: ({ name }) => <Link href={address.model(name)}>{name}</Link> },
                    { head: 'Versions', numeric: true, cell: ({ versions }) => number(versions) },
                    {
                      head: 'Aliases',
                      cell: ({ name, aliases }) => (
                        <span className="row">
                          {Object.entries(aliases).map(([alias, version]) => (
                            <Link key={alias} href={address.version(name, version)} className="tag">
                              {alias}: v{version}
                            </Link>
                          ))}
                        </span>
                      ),
                    },
                    { head: 'Updated', cell: ({ updatedAt }) => <TimeAgo at={updatedAt} /> },
                  ]}
                />
              )}
            </>
          )}
        </Answered>
      </Panel>
    </>
  );
}
