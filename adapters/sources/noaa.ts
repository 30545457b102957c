/**
 * Fetches daily summaries of one station from NOAA as CSV: from the access service, which needs no token
 * (https://www.ncei.noaa.gov/support/access-data-service-api-user-documentation), or from the older CDO API, which needs one
 * (https://www.ncdc.noaa.gov/cdo-web/webservices/v2).
 */
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import { WEATHER_CSV_COLUMNS } from '../../contracts/weather-columns.ts';
import type { AllowedSource } from './allow-list.ts';
import { getText } from './http-source.ts';

/** Is the limit of the CDO API. A year of seven types fits in three pages. */
const CDO_PAGE = 1000;

/** Represents the token of the CDO API and the service that receives it. */
interface NoaaCredential {
  readonly token: string | undefined;
  /** Service of the setting WEATHER_SOURCE; only its origin receives the token. */
  readonly service: string;
}

export interface DailySummaries {
  /** GHCN-Daily id. */
  readonly station: string;
  readonly year: number;
  readonly credential: NoaaCredential;
  readonly signal?: AbortSignal | undefined;
}

/** Returns the CSV of one calendar year in °F, inches and mph; only a header if the station has no data. */
export async function getDailySummaries(service: AllowedSource, wanted: DailySummaries): Promise<string> {
  return isCdo(service.url) ? fromCdo(service, wanted) : fromAccessService(service, wanted);
}

function isCdo(service: string): boolean {
  return URL.canParse(service) && /\/cdo-web\/api\/v2\/?$/.test(new URL(service).pathname);
}

async function fromAccessService(
  service: AllowedSource,
  { station, year, signal }: DailySummaries,
): Promise<string> {
  const query = new URLSearchParams({
    dataset: 'daily-summaries',
    stations: station,
    startDate: `${year}-01-01`,
    endDate: `${year}-12-31`,
    dataTypes: WEATHER_CSV_COLUMNS.join(','),
    units: 'standard',
    format: 'csv',
    includeAttributes: 'false',
  });
  return getText(service.at(`${service.url}?${query.toString()}`), { signal });
}

/** Represents one observation: `{"date":"2025-01-01T00:00:00","datatype":"TMAX","value":52}`. */
interface CdoResult {
  readonly date: string;
  readonly datatype: string;
  readonly value: number;
}

interface CdoPage {
  readonly metadata?: { readonly resultset?: { readonly count?: number } };
  readonly results?: readonly CdoResult[];
}

async function fromCdo(
  service: AllowedSource,
  { station, year, credential, signal }: DailySummaries,
): Promise<string> {
  const token = tokenFor(service.url, credential);
  const days = new Map<string, Map<string, number>>();
  for (let offset = 1, count = 1; offset <= count; offset += CDO_PAGE) {
    const query = new URLSearchParams({
      datasetid: 'GHCND',
      stationid: `GHCND:${station}`,
      startdate: `${year}-01-01`,
      enddate: `${year}-12-31`,
      units: 'standard',
      limit: String(CDO_PAGE),
      offset: String(offset),
    });
    for (const type of WEATHER_CSV_COLUMNS) query.append('datatypeid', type);
    const url = `${service.url.replace(/\/$/, '')}/data?${query.toString()}`;
    const page = parsePage(await getText(service.at(url), { signal, credentials: { token } }), url);
    count = page.metadata?.resultset?.count ?? 0;
    const results = page.results ?? [];
    if (results.length === 0 && offset <= count) throw unexpected(url, 'an empty page before the last');
    for (const { date, datatype, value } of results) {
      const day = date.slice(0, 10);
      days.set(day, (days.get(day) ?? new Map<string, number>()).set(datatype, value));
    }
  }
  return asCsv(days);
}

/**
 * Returns the token for a service.
 * @throws CitibikeError BAD_SETTING if there is no token, or if it belongs to another service.
 */
function tokenFor(service: string, { token, service: owner }: NoaaCredential): string {
  if (!token) {
    throw new CitibikeError(
      'BAD_SETTING',
      `setting NOAA_TOKEN: ${service} requires a token; get one at https://www.ncdc.noaa.gov/cdo-web/token, or use the access service, which needs none`,
      { name: 'NOAA_TOKEN' },
    );
  }
  const { origin, protocol, hostname } = new URL(service);
  const isOwner = isCdo(owner) && new URL(owner).origin === origin;
  if (isOwner && (protocol === 'https:' || LOOPBACK.test(hostname))) return token;
  throw new CitibikeError(
    'BAD_SETTING',
    `setting WEATHER_SOURCE: NOAA_TOKEN is sent to the CDO API named there and by https:// alone, not to ${origin}. ` +
      'Set WEATHER_SOURCE to that API, or use the access service, which needs no token',
    { name: 'WEATHER_SOURCE' },
  );
}

/** Matches hosts that plain http:// reaches without crossing a network. */
const LOOPBACK = /^(127(\.\d+){3}|localhost|\[::1\])$/;

function parsePage(text: string, url: string): CdoPage {
  let page: unknown;
  try {
    page = JSON.parse(text);
  } catch {
    throw unexpected(url, showValue(text));
  }
  const { results } = page as CdoPage;
  const whole = (results ?? []).every(
    ({ date, datatype, value }) =>
      typeof date === 'string' && typeof datatype === 'string' && typeof value === 'number',
  );
  if (!whole) throw unexpected(url, 'results without date, datatype or value');
  return page as CdoPage;
}

function unexpected(url: string, what: string): CitibikeError {
  return new CitibikeError(
    'SOURCE_UNAVAILABLE',
    `${url} answered with ${what}, expected JSON with metadata and results`,
    { url },
  );
}

function asCsv(days: ReadonlyMap<string, ReadonlyMap<string, number>>): string {
  const rows = [...days].map(([day, values]) =>
    [day, ...WEATHER_CSV_COLUMNS.map((type) => values.get(type) ?? '')].join(','),
  );
  return [`DATE,${WEATHER_CSV_COLUMNS.join(',')}`, ...rows].join('\n');
}
