import type { WorkerDeployment, WorkerVersion } from '../adapters/temporal/worker-deployments.ts';
import { table } from './table-text.ts';

/** Renders the builds of a deployment, with a sentence for each build that drains or has drained. */
export function workerVersionsText({ name, current, versions }: WorkerDeployment): string {
  const rows = versions.map((version) => [
    version.buildId,
    version.percent === null ? version.status : `${version.status}, ${version.percent} %`,
    version.since?.slice(0, 16).replace('T', ' ') ?? '',
    String(version.pinnedRuns),
    String(version.movingRuns),
  ]);
  const starts =
    current === null
      ? 'Unversioned workers start new runs. Move them with: citibike workers set-current BUILD_ID'
      : `New runs start on ${current}.`;
  const notes = versions.flatMap(noteOf);
  return [
    `Deployment ${name}\n`,
    table(['build id', 'status', 'since (UTC)', 'pinned runs', 'moving runs'], rows),
    ...[starts, ...notes].map((note) => `${note}\n`),
  ].join('');
}

function noteOf({ buildId, status, pinnedRuns, examples }: WorkerVersion): string[] {
  if (status === 'drained') return [`${buildId} has drained: stop its workers.`];
  if (status !== 'draining') return [];
  if (pinnedRuns === 0)
    return [`${buildId} drains, and its last pinned run is closed. Temporal reports that within minutes.`];
  const others = pinnedRuns > examples.length ? ` and ${pinnedRuns - examples.length} more` : '';
  return [`${buildId} drains: keep its workers until ${examples.join(', ')}${others} end.`];
}
