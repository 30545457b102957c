import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { metricTitle } from '../../../../../contracts/metric-facts.ts';
import type { VersionDetail } from '../../api/bodies.ts';
import { versionQuery } from '../../api/queries.ts';
import { BarChart } from '../../charts/bar-chart.tsx';
import { address } from '../../format/addresses.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Facts } from '../../ui/facts.tsx';
import { metricsOf } from '../../format/metrics-of.ts';
import { JsonTree } from '../../ui/json-tree.tsx';
import { PageHead, Panel, Unavailable } from '../../ui/panel.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { ReportLink, UriLink } from '../../ui/uri-link.tsx';
import { usePathParts } from '../../ui/use-address.ts';
import { ArtifactList } from '../../panels/artifact-list.tsx';
import { tagFacts } from '../../ui/tag-facts.tsx';
import { Prose } from '../../ui/prose.tsx';
import { Curves } from '../../panels/curves.tsx';
import { Pictures } from '../../panels/pictures.tsx';
import { ModelActions } from '../../panels/model-actions.tsx';
import { NumberTable } from '../../panels/number-table.tsx';

/** Shows one version: its metrics, lineage and actions. */
export function Version() {
  const [, name = '', , version = ''] = usePathParts();
  const query = useQuery(versionQuery(name, version));
  const detail = query.data?.data;
  const page = detail?.artifacts?.find(({ path }) => path === 'evaluation.html');
  const isChampion = detail?.version.aliases.includes('champion');
  return (
    <>
      <PageHead
        title={`${name} v${version}`}
        crumbs={[
          { href: '/models', label: 'Models' },
          { href: address.model(name), label: name },
        ]}
        actions={
          detail && (
            <>
              {page && <ReportLink uri={page.uri}>Open evaluation report</ReportLink>}
              <ModelActions model={name} version={version} champion={isChampion ? version : undefined} />
            </>
          )
        }
      />
      <Answered query={query} what="the version">
        {({ data, upstreams }) => (
          <>
            <Outages upstreams={upstreams} />
            {data ? <Detail name={name} detail={data} /> : <Unavailable server="MLflow" />}
          </>
        )}
      </Answered>
    </>
  );
}

function Detail({ name, detail }: { readonly name: string; readonly detail: VersionDetail }) {
  const { version, params, curves, evaluation, errorByHour, lineage, workflowId, artifacts } = detail;
  return (
    <>
      <div className="grid-2">
        <Panel title="Version">
          <Facts
            facts={[
              ['aliases', version.aliases.join(', ')],
              ['description', version.description && <Prose key="description" text={version.description} />],
              ['created', <TimeAgo key="created" at={version.createdAt} />],
              [
                'experiment',
                <Link key="run" href={address.experiment(version.runId)}>
                  {version.runId}
                </Link>,
              ],
              ['trained by', workflowId && <Link href={address.run(workflowId)}>{workflowId}</Link>],
              ['lineage', lineage && <UriLink uri={lineage} text="back to the raw files" />],
              [
                'drift',
                <Link key="drift" href={address.drift(undefined, version.version)}>
                  weekly checks
                </Link>,
              ],
              ...tagFacts(
                Object.fromEntries(Object.entries(version.tags).filter(([tag]) => !(tag in version.metrics))),
              ),
            ]}
          />
        </Panel>
        <Panel title="Metrics">
          <NumberTable name={`Metrics of ${name} v${version.version}`} values={metricsOf(detail)} />
        </Panel>
      </div>
      {errorByHour.length > 0 && (
        <Panel title="Error by hour">
          <BarChart
            title="Error on the test months by hour of day, trips per hour"
            xTitle="hour"
            labels={errorByHour.map(({ hour }) => String(hour))}
            series={[
              { label: metricTitle('rmse'), values: errorByHour.map(({ rmse }) => rmse), tone: 1 },
              { label: metricTitle('mae'), values: errorByHour.map(({ mae }) => mae), tone: 2 },
            ]}
          />
        </Panel>
      )}
      <Panel title="Learning curves">
        <Curves of={[{ name: `v${version.version}`, curves }]} />
      </Panel>
      <Pictures artifacts={artifacts} />
      <div className="grid-2">
        <Panel title="Parameters">
          <Facts facts={Object.entries(params).sort(([a], [b]) => a.localeCompare(b))} />
        </Panel>
        <ArtifactList artifacts={artifacts} />
      </div>
      {evaluation !== null && evaluation !== undefined && (
        <Panel title="Evaluation">
          <div className="json-tree">
            <JsonTree value={evaluation} />
          </div>
        </Panel>
      )}
    </>
  );
}
