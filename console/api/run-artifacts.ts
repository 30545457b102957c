/** Lists the artifacts that a run made or used, by kind. */
import type { RunArtifact, StepBody } from './schemas/runs.ts';

const MOST_ARTIFACTS = 300;

/** Holds the kinds by address, the first that fits. Other artifacts have the name of their step as kind. */
const KINDS: readonly (readonly [pattern: RegExp, kind: string])[] = [
  [/\/quality\/.*\.(html|json)$/, 'quality report'],
  [/\.svg$/, 'picture'],
  [/\/(evaluate\/[^/]+\/[^/]+|evaluation\.html)$/, 'evaluation'],
  [/\/drift-report\.(html|json)$/, 'drift report'],
  [/\/backtest\.(html|json)$/, 'backtest report'],
  [/\/raw\/tripdata\//, 'raw trips'],
  [/\/raw\/weather\//, 'raw weather'],
  [/\.flows\.parquet$/, 'flows between stations'],
  [/\/datasets\/months\//, 'month'],
  [/\/datasets\/archives\//, 'archive'],
  [/\/frame\/.*\.parquet$/, 'frame'],
  [/\/compose\//, 'data set'],
  [/\/train\//, 'model'],
];

export function artifactKind(uri: string): string {
  const known = KINDS.find(([pattern]) => pattern.test(uri));
  if (known) return known[1];
  // `s3://bucket/{workflow id}/{step}/{digest}/{name}`
  const step = /^s3:\/\/[^/]+\/.+\/([^/]+)\/[0-9a-f]{16}\/[^/]+$/.exec(uri)?.[1];
  return step ?? 'other';
}

/** Collects each address in the result and in the outputs of steps once, sorted by kind. */
export function artifactsOf(result: unknown, steps: readonly StepBody[] | null): RunArtifact[] {
  const found = new Map<string, RunArtifact>();
  const collect = (value: unknown, step: string | null): void => {
    if (found.size >= MOST_ARTIFACTS) return;
    if (typeof value === 'string' && /^s3:\/\/[^/]+\/./.test(value)) {
      if (!found.has(value)) found.set(value, { uri: value, kind: artifactKind(value), step });
    } else if (typeof value === 'object' && value !== null) {
      for (const each of Object.values(value)) collect(each, step);
    }
  };
  collect(result, null);
  for (const { output, name } of steps ?? []) collect(output, name);
  return [...found.values()].sort((a, b) => (a.kind + a.uri < b.kind + b.uri ? -1 : 1));
}
