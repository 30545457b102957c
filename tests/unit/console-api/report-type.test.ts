import { expect, it } from 'vitest';
import { reportType } from '../../../console/api/report-type.ts';

const BUCKETS = ['zenml-artifacts', 'mlflow-artifacts'] as const;
const DIGEST = '0123456789abcdef';

it.each([
  [`s3://zenml-artifacts/quality/nyc/seed/months/2024-03/${DIGEST}/report.html`, 'text/html; charset=utf-8'],
  [`s3://zenml-artifacts/run-1/drift/${DIGEST}/drift-report.html`, 'text/html; charset=utf-8'],
  [`s3://zenml-artifacts/run-1/evaluate/${DIGEST}/error-by-hour.svg`, 'image/svg+xml'],
  ['s3://mlflow-artifacts/1/abc/artifacts/evaluation.html', 'text/html; charset=utf-8'],
])('shows %s', (uri, type) => {
  expect(reportType(uri, BUCKETS)).toBe(type);
});

it.each([
  's3://citibike-data/raw/tripdata/nyc/page.html',
  's3://mlflow-artifacts/quality/page.html',
  `s3://zenml-artifacts/run-1/drift/${DIGEST}/drift-report.json`,
  `s3://zenml-artifacts/run-1/train/${DIGEST}/page.html`,
  's3://mlflow-artifacts/1/abc/artifacts/model/page.html',
])('rejects %s', (uri) => {
  expect(() => reportType(uri, BUCKETS)).toThrow('expected an HTML or SVG report');
});
