/** How the values of each column lie, from the report of a drift check in S3. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { HistogramBody } from './schemas/models.ts';

type Column = NonNullable<NonNullable<HistogramBody>['columns']>[number];

interface Span {
  readonly from: string;
  readonly to: string;
}

/** As much of core/drift/report/report.ts as is read here. */
interface Report {
  readonly reference?: Span;
  readonly current?: Span;
  readonly histograms?: Readonly<Record<string, Omit<Column, 'column'>>>;
}

/** @throws CitibikeError INVALID_INPUT for what is no report. */
export function histogramsIn(content: unknown, uri: string): NonNullable<HistogramBody> {
  const { reference, current, histograms } = (content ?? {}) as Report;
  if (!reference?.from || !current?.from)
    throw new CitibikeError('INVALID_INPUT', `${uri} is no report of a drift check`);
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
