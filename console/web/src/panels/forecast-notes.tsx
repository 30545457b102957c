import { Link } from 'wouter';
import type { ForecastIssue } from '../api/bodies.ts';
import { address } from '../format/addresses.ts';
import { timeIn } from '../format/time.ts';
import { Empty } from '../ui/panel.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';

/** Says when and from what a forecast was made, and whether it is stale. */
export function ForecastOrigin({ issue }: { readonly issue: ForecastIssue }) {
  const { model, version, provider, issuedAt, timeZone } = issue;
  return (
    <p className="small muted">
      Issued <TimeAgo at={issuedAt} /> ({timeIn(timeZone, issuedAt)}) by{' '}
      <Link href={address.version(model, version)}>{`${model} v${version}`}</Link>
      {provider === 'climatology' ? ' from climatology.' : `, weather from ${provider}.`}
    </p>
  );
}

/** Warns about a forecast that is older than a day, or that no weather forecast stands behind. */
export function StaleNotice({ issue }: { readonly issue: ForecastIssue }) {
  if (!issue.isStale) return null;
  return (
    <p className="notice notice-warn">
      {issue.provider === 'climatology'
        ? 'No weather forecast could be read, so this forecast uses the usual weather of the season. '
        : 'This forecast is stale, because it is older than a day. '}
      <Link href="/runs?type=forecast">The runs of the workflow forecast say why</Link>
    </p>
  );
}

/** Says how to make the first forecast. @param system empty for the served model. */
export function NoForecast({ system }: { readonly system: string }) {
  const input = system ? ` --json '{"system": "${system}"}'` : '';
  return (
    <Empty>
      No forecast yet. Run <code>{`citibike run forecast${input}`}</code> to make one, or{' '}
      <Link href={address.newRun('forecast')}>start it here</Link>.
    </Empty>
  );
}
