import { ruleSetOf, type StoredRuleSet } from '../../../../../contracts/stored-names.ts';
import { number } from '../../format/numbers.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Facts } from '../../ui/facts.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Empty, PageHead, Panel, Unavailable } from '../../ui/panel.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { ReportLink, UriLink } from '../../ui/uri-link.tsx';
import { usePathParts } from '../../ui/use-address.ts';
import { Checks } from './checks.tsx';
import { MonthTrips } from './month-trips.tsx';
import type { QualityReport } from './quality-report.ts';
import { useMonth } from './queries.ts';

/** Shows one month of data: its state, all its trips, and its checks. */
export function Month() {
  const [, system = '', rules = '', month = ''] = usePathParts();
  const query = useMonth({ system, rules, month });
  const page = query.data?.data?.qualityPage;
  return (
    <>
      <PageHead
        title={`${system} ${month}`}
        crumbs={[{ href: '/data', label: 'Data' }]}
        actions={page && <ReportLink uri={page}>Open quality report</ReportLink>}
      />
      <Answered query={query} what="the month">
        {({ data, upstreams }) => (
          <>
            <Outages upstreams={upstreams} />
            {!data && <Unavailable server="S3" />}
            {data && (
              <>
                <Panel title="Month" aside={<StateBadge state={data.month.state} />}>
                  <Facts
                    facts={[
                      ['rule set', ruleSetOf(data.month.rules as StoredRuleSet)],
                      ['hours', data.month.hours !== null && number(data.month.hours)],
                      ['trips', data.month.trips !== null && number(data.month.trips)],
                      ['quality', data.month.quality && <StateBadge state={data.month.quality} />],
                      ['digest', data.month.digest && <code>{data.month.digest}</code>],
                      [
                        'raw files',
                        data.month.files.length > 0 && (
                          <ul>
                            {data.month.files.map((uri) => (
                              <li key={uri}>
                                <UriLink uri={uri} />
                              </li>
                            ))}
                          </ul>
                        ),
                      ],
                    ]}
                  />
                </Panel>
                <Panel title="Trips">
                  <MonthTrips
                    report={data.report as QualityReport | null}
                    hours={data.preview.length < (data.month.hours ?? 0) ? [] : data.preview}
                  />
                </Panel>
                <Panel title="Checks">
                  <Checks report={data.report as QualityReport | null} />
                </Panel>
                <Panel title="Data set">
                  {data.dataset ? (
                    <details>
                      <summary>Description as JSON</summary>
                      <JsonView value={data.dataset} />
                    </details>
                  ) : (
                    <Empty>This month is not processed yet. Ingest it to create its data set.</Empty>
                  )}
                </Panel>
              </>
            )}
          </>
        )}
      </Answered>
    </>
  );
}
