/** Reads the histogram of each column from the report of a drift check in S3. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { HistogramBody } from './schemas/models.ts';

type Column = NonNullable<NonNullable<HistogramBody>['columns']>[number];

interface Span {
  readonly from: string;
  readonly to: string;
}

/** Represents the fields of core/drift/report/drift-report.ts that are read here. */
interface Report {
  readonly reference?: Span;
  readonly current?: Span;
  readonly histograms?: Readonly<Record<string, Omit<Column, 'column'>>>;
}

/**
 * Extracts the histograms.
 * @throws CitibikeError INVALID_INPUT if the content is not a report.
 */
export function histogramsIn(content: unknown, uri: string): NonNullable<HistogramBody> {
  const { reference, current, histograms } = (content ?? {}) as Report;
  if (!reference?.from || !current?.from)
    throw new CitibikeError('INVALID_INPUT', `${uri} is not a report of a drift check`);
  return {
    referenceFrom: reference.from,
    referenceTo: reference.to,
    currentFrom: current.from,
    currentTo: current.to,
    columns: histograms
      ? Object.entries(histograms).map(([column, histogram]) => ({ column, ...histogram }))
      : null,
  };
}
