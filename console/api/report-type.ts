/** Tells by its address whether an object is a report that the browser may show. */
import { parseS3Uri } from '../../adapters/s3/object-store.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Keys of reports: of the quality of data, of explorations, and of the steps that write reports. */
const ARTIFACT_REPORT =
  /^(quality|explore)\/.+\.(html|svg)$|^.+\/(quality|drift|evaluate|backtest|retention)\/[0-9a-f]{16}\/[^/]+\.(html|svg)$/;
/** Files that a training logs to its MLflow run, beside the model. */
const LOGGED_REPORT = /^[^/]+\/[^/]+\/artifacts\/(evaluation\.html|pictures\/[^/]+\.svg)$/;

/**
 * Returns the content type of a report.
 * @throws CitibikeError INVALID_INPUT for an address that no report has.
 */
export function reportType(
  uri: string,
  [artifacts, mlflow]: readonly [artifacts: string, mlflow: string],
): string {
  const { bucket, key } = parseS3Uri(uri);
  const isReport =
    (bucket === artifacts && ARTIFACT_REPORT.test(key)) || (bucket === mlflow && LOGGED_REPORT.test(key));
  const type = TYPES[key.slice(key.lastIndexOf('.') + 1)];
  if (isReport && type !== undefined) return type;
  const wanted = 'an HTML or SVG report of a run, a month or a data set';
  throw new CitibikeError('INVALID_INPUT', `uri: got ${showValue(uri)}, expected ${wanted}`, {
    problems: [{ field: 'uri', got: uri, wanted }],
  });
}
