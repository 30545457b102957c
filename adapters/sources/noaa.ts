/** NOAA's access service (https://www.ncei.noaa.gov/support/access-data-service-api-user-documentation): daily summaries as CSV. */
import { getText } from './http.ts';

const DATA_TYPES = ['AWND', 'PRCP', 'SNOW', 'SNWD', 'TAVG', 'TMAX', 'TMIN'];

/** CSV of one calendar year in °F, inches and mph; empty but for its header where the station has nothing. */
export async function getDailySummaries(
  service: string,
  station: string,
  year: number,
  signal?: AbortSignal,
): Promise<string> {
  const query = new URLSearchParams({
    dataset: 'daily-summaries',
    stations: station,
    startDate: `${year}-01-01`,
    endDate: `${year}-12-31`,
    dataTypes: DATA_TYPES.join(','),
    units: 'standard',
    format: 'csv',
    includeAttributes: 'false',
  });
  return getText(`${service}?${query.toString()}`, signal);
}
