/** Lists a public bucket over HTTP, page by page as XML, without credentials. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { AllowedSource } from './allow-list.ts';
import type { SourceEntry } from './entry.ts';
import { getText } from './http-source.ts';

/** Limits the number of pages of 1,000 files; a bucket of trips has far fewer. */
const MOST_PAGES = 100;

/**
 * Lists `{address}?list-type=2`.
 * @returns undefined if the address answers without a listing.
 * @throws CitibikeError SOURCE_UNAVAILABLE if a page is truncated, or announces more without a token. A partial listing would look
 *   like missing months.
 */
export async function listBucket(
  source: AllowedSource,
  signal?: AbortSignal,
): Promise<SourceEntry[] | undefined> {
  const address = source.url;
  const base = address.replace(/\/+$/, '');
  const entries: SourceEntry[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = new URLSearchParams({
      'list-type': '2',
      ...(token ? { 'continuation-token': token } : {}),
    });
    let xml: string;
    try {
      xml = await getText(source.at(`${base}?${query.toString()}`), { signal });
    } catch (error) {
      if (page === 0 && error instanceof CitibikeError && isAnswer(error)) return undefined;
      throw error;
    }
    if (page === 0 && !/<ListBucketResult[\s>]/.test(xml)) return undefined;
    if (!/<\/ListBucketResult>\s*$/.test(xml)) throw cutOff(address, page, 'the XML is truncated');
    entries.push(...parseListing(xml, base));
    if (!/<IsTruncated>\s*true\s*</.test(xml)) return entries;
    token = field(xml, 'NextContinuationToken');
    if (!token) throw cutOff(address, page, 'it announces more files without a NextContinuationToken');
  }
  throw new CitibikeError(
    'INVALID_INPUT',
    `${address} lists more than ${MOST_PAGES} pages of files: give the address of the folder that holds the trips`,
  );
}

/** Checks whether the address answered without a listing. */
function isAnswer({ code }: CitibikeError): boolean {
  return code === 'SOURCE_NOT_FOUND' || code === 'UPSTREAM_REFUSED' || code === 'BAD_ARCHIVE';
}

function cutOff(address: string, page: number, reason: string): CitibikeError {
  return new CitibikeError(
    'SOURCE_UNAVAILABLE',
    `the listing of ${address} is incomplete: on page ${page + 1}, ${reason}`,
    { source: address, page: page + 1 },
  );
}

/** Parses the files of one page. It skips folders, whose keys end in a slash, and keys with `..`. */
function parseListing(xml: string, base: string): SourceEntry[] {
  return [...xml.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)].flatMap(([, content = '']) => {
    const key = field(content, 'Key');
    if (!key || key.endsWith('/') || key.split('/').some((part) => part === '.' || part === '..')) return [];
    const size = field(content, 'Size');
    const modified = Date.parse(field(content, 'LastModified') ?? '');
    return [
      {
        url: `${base}/${key.split('/').map(encodeURIComponent).join('/')}`,
        name: key.split('/').at(-1) ?? key,
        bytes: size === undefined ? null : Number(size),
        etag: field(content, 'ETag') ?? null,
        modified: Number.isNaN(modified) ? null : modified,
      },
    ];
  });
}

function field(xml: string, name: string): string | undefined {
  const match = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml);
  return match?.[1] === undefined ? undefined : unescapeXml(match[1]);
}

function unescapeXml(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replaceAll(/&(#x?[0-9a-f]+|\w+);/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return named[entity] ?? whole;
    const hex = entity[1]?.toLowerCase() === 'x';
    return String.fromCodePoint(parseInt(entity.slice(hex ? 2 : 1), hex ? 16 : 10));
  });
}
