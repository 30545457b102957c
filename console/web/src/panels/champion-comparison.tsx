import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useModel, versionQuery } from '../api/queries.ts';
import { address } from '../format/addresses.ts';
import { metricsOf } from '../format/metrics-of.ts';
import { Empty, Loading } from '../ui/panel.tsx';
import { ReportLink } from '../ui/uri-link.tsx';
import { MetricTable } from './metric-table.tsx';

interface ChampionComparisonProps {
  readonly model: string;
  readonly version: string;
}

/** Compares the metrics of a version with those of the champion, and links to what a decision needs. */
export function ChampionComparison({ model, version }: ChampionComparisonProps) {
  const champion = useModel(model).data?.pages[0]?.data.aliases['champion'];
  const candidate = useQuery(versionQuery(model, version));
  const current = useQuery({ ...versionQuery(model, champion ?? ''), enabled: champion !== undefined });
  if (candidate.isPending) return <Loading what="the metrics" />;
  const report = candidate.data?.data?.artifacts?.find(({ path }) => path === 'evaluation.html');
  const measured = [
    { name: `v${champion} (champion)`, detail: current.data?.data },
    { name: `v${version}`, detail: candidate.data?.data },
  ].flatMap(({ name, detail }) => (detail ? [{ name, metrics: metricsOf(detail) }] : []));
  return (
    <>
      {measured.length === 0 ? (
        <Empty>The metrics are unavailable: MLflow does not answer.</Empty>
      ) : (
        <MetricTable of={measured} directedOnly />
      )}
      <p className="row small">
        <Link href={address.version(model, version)}>Open version {version}</Link>
        {report && <ReportLink uri={report.uri}>Open evaluation</ReportLink>}
        {champion !== undefined && champion !== version ? (
          <Link href={address.compare(model, [champion, version])}>Compare with champion v{champion}</Link>
        ) : (
          <span className="muted">{model} has no other champion yet.</span>
        )}
      </p>
    </>
  );
}
