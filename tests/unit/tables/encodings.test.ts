import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readTable } from '../../../adapters/tables/read-table.ts';
import { csvOf } from '../../../adapters/tables/table-file.ts';
import { readTextTable } from '../../../adapters/tables/text-rows.ts';
import { temporaryFolder } from './temporary-folder.ts';

const TEXT = 'station,trips\nGrove Straße,1\n';
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
/** Is longer than a chunk, with two-byte letters across every chunk border at odd and at even offsets. */
const MANY = `${'é'.repeat(49)},1\n${'x'}${'é'.repeat(49)},1\n`.repeat(6_000);

function write(content: Uint8Array | string, name = 't.csv'): string {
  const file = path.join(temporaryFolder(), name);
  writeFileSync(file, content);
  return file;
}

const rejection = (message: RegExp) => ({
  code: 'INVALID_INPUT',
  message: expect.stringMatching(message) as string,
});

it.each([
  [
    'UTF-16 (little-endian)',
    Buffer.concat([Buffer.of(0xff, 0xfe), utf16(TEXT)]),
    /line 1: this is UTF-16 \(little-endian\)/,
  ],
  [
    'UTF-16 (big-endian)',
    Buffer.concat([Buffer.of(0xfe, 0xff), utf16(TEXT).swap16()]),
    /line 1: this is UTF-16 \(big-endian\)/,
  ],
  ['UTF-16 without a mark', utf16(TEXT), /line 1: .*NUL byte.*UTF-16 without a mark, or binary/],
  ['UTF-16 without a mark, big-endian', utf16(TEXT).swap16(), /line 1: .*UTF-16 without a mark, or binary/],
  ['a NUL byte', Buffer.from('a,b\n1,2\n3,\0\n'), /line 3: it has a NUL byte.*: it is binary/],
  [
    'Latin-1',
    latin1('a,b\n1,2\nCafé,3\n'),
    /line 3: it is not UTF-8, probably Latin-1 \(ISO 8859-1\): "Café,3"; .*ISO-8859-1/,
  ],
  [
    'Windows-1252',
    Buffer.concat([latin1('a,b\n\x80 5,3\n')]),
    /line 2: it is not UTF-8, probably Windows-1252: "€ 5,3"; .*WINDOWS-1252/,
  ],
  ['Latin-1 with CR alone', latin1('a,b\r1,2\rCafé,3\r4,5\r'), /line 3: .*Latin-1.*"Café,3"/],
  ['Latin-1 with CRLF', latin1('a,b\r\n1,2\r\nCafé,3\r\n4,5\r\n'), /line 3: .*Latin-1.*"Café,3"/],
  ['Latin-1 in the last byte', latin1('a,b\n1,é'), /line 2: .*Latin-1.*"1,é"/],
  ['half a letter at the end', Buffer.from('a,b\n1,🚲').subarray(0, -1), /line 2: it is not UTF-8/],
  [
    'a surrogate',
    Buffer.concat([Buffer.from('a,b\n1,'), Buffer.of(0xed, 0xa0, 0x80, 10)]),
    /line 2: it is not UTF-8/,
  ],
  ['gzip', gzipSync(TEXT), /line 1: this is a gzip file, .*correct the extension/],
  ['parquet', Buffer.from('PAR1\x15\0'), /line 1: this is a parquet file/],
  ['a zip archive', Buffer.from('PK\x03\x04\x14\0'), /line 1: this is a zip archive/],
])('rejects %s by the first line with the fault', async (_, content, message) => {
  await expect(readTable(write(content))).rejects.toMatchObject(rejection(message));
  await expect(readTable(write(gzipSync(content), 't.csv.gz'))).rejects.toMatchObject(rejection(message));
  await expect(readTextTable(csvOf('t.csv', content))).rejects.toMatchObject(rejection(message));
});

it('names a line far beyond the first chunk', async () => {
  const file = write(Buffer.concat([Buffer.from(`a,b\n${MANY}`), latin1('Café,3\n'), Buffer.from(MANY)]));
  await expect(readTable(file)).rejects.toMatchObject(rejection(/line 12002: it is not UTF-8.*"Café,3"/));
});

describe('lines are counted correctly beyond the first chunk,', () => {
  const quoted = MANY.replaceAll(/^(.*),/gm, '"$1\n",');

  it.each([
    [
      'where fields are too few',
      `a,b\n${MANY}1\n2\n`,
      /line 12002, row 12001 \(and 1 more rows\): got 1 fields/,
    ],
    ['in quoted cells', `a,b\n${quoted}1,2,3\n`, /line 24002, row 12001: got 3 fields, expected 2/],
    [
      'to a quote that is never closed',
      `a,b\n${quoted}"1,2\n${MANY}`,
      /line 24002: a quote is opened and never closed/,
    ],
    ['to text after a quote', `a,b\n${quoted}"1"x,2\n`, /line 24002: text follows a closing quote/],
    ['to another line end', `a,b\n${MANY}1,2\r\n`, /line 12002: it ends in CRLF, the lines before in LF/],
  ])('%s', async (_, content, message) => {
    for (const plainBytes of [0, Infinity])
      await expect(readTable(write(content), { plainBytes })).rejects.toMatchObject(rejection(message));
    await expect(readTable(write(gzipSync(content), 't.csv.gz'))).rejects.toMatchObject(rejection(message));
  });
});
