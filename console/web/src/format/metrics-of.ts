import type { VersionDetail } from '../api/bodies.ts';

/** Returns the metrics of a version: those of the registry, and those of its evaluation, which has more. */
export function metricsOf({
  version,
  evaluation,
}: Pick<VersionDetail, 'version' | 'evaluation'>): Record<string, number> {
  const more = (evaluation as { metrics?: Record<string, unknown> } | null | undefined)?.metrics ?? {};
  return {
    ...version.metrics,
    ...Object.fromEntries(
      Object.entries(more).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    ),
  };
}
