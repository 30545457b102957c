import { expect, it } from 'vitest';
import { artifactKind, artifactsOf } from '../../../console/api/run-artifacts.ts';
import type { StepBody } from '../../../console/api/schemas/runs.ts';

const DIGEST = '0123456789abcdef';

it.each([
  [`s3://zenml-artifacts/quality/nyc/seed/2024-03/${DIGEST}/report.html`, 'quality report'],
  [`s3://zenml-artifacts/run-1/evaluate/${DIGEST}/evaluation-files.json`, 'evaluation'],
  [`s3://zenml-artifacts/run-1/evaluate/${DIGEST}/curve.svg`, 'picture'],
  [`s3://zenml-artifacts/run-1/train/${DIGEST}/files.json`, 'model'],
  [`s3://zenml-artifacts/run-1/new-step/${DIGEST}/x.json`, 'new-step'],
  ['s3://citibike-data/raw/tripdata/nyc/2024/202403.zip', 'raw trips'],
  [`s3://citibike-data/datasets/months/nyc/seed/2024-03/${DIGEST}.parquet`, 'month'],
  ['s3://citibike-data/predictions/hours.csv', 'other'],
])('%s is of the kind %s', (uri, kind) => {
  expect(artifactKind(uri)).toBe(kind);
});

it('lists each artifact of result and steps once', () => {
  const uri = `s3://zenml-artifacts/run-1/train/${DIGEST}/files.json`;
  const frame = `s3://zenml-artifacts/run-1/frame/${DIGEST}/frame.parquet`;
  const step = { name: 'buildFrame', output: { ref: { uri: frame }, again: uri } } as unknown as StepBody;
  expect(artifactsOf({ model: { uri } }, [step])).toEqual([
    { uri: frame, kind: 'frame', step: 'buildFrame' },
    { uri, kind: 'model', step: null },
  ]);
});
