import { expect, it } from 'vitest';
import { parseShownJson } from '../../../console/api/shown-json.ts';
import { PreviewSource } from '../../../console/api/upstreams/previews.ts';
import type { StorageSource } from '../../../console/api/upstreams/storage.ts';
import { CitibikeError, messageOf } from '../../../contracts/errors.ts';

/** Previews one object of the given content, or of the given size without content. */
function preview(
  name: string,
  content: string,
  size = Buffer.byteLength(content),
  json = async () => JSON.parse(content) as unknown,
) {
  const reads: number[] = [];
  const bytes = Buffer.from(content);
  const storage = {
    head: async (uri: string) => ({ uri, bytes: size, etag: 'e', modified: new Date(0) }),
    range: async (_: string, from: number, to: number) => {
      reads.push(to - from);
      return bytes.subarray(from, to);
    },
    json,
  } as unknown as StorageSource;
  const previews = new PreviewSource(storage);
  return { first: () => previews.preview(`s3://data/${name}`), reads };
}

it.each([
  ['a.json', '{"a":[1]}', { kind: 'json', value: { a: [1] } }],
  ['a.md', '# <b>Title</b>', { kind: 'text', text: '# <b>Title</b>', note: null }],
  ['a.log', '', { kind: 'text', text: '' }],
  ['a.SVG', '<svg/>', { kind: 'image' }],
  ['a.html', '<p>', { kind: 'page' }],
  ['a.bin', 'x', { kind: 'none' }],
  ['without-extension', 'x', { kind: 'none' }],
])('previews %s', async (name, content, expected) => {
  expect(await preview(name, content).first()).toMatchObject(expected);
});

it('reads only the beginning of a long text or JSON', async () => {
  for (const name of ['a.txt', 'a.json']) {
    const { first, reads } = preview(name, 'x'.repeat(2_000_000));
    const { kind, text, note } = await first();
    expect({ kind, length: text?.length }).toEqual({ kind: 'text', length: 64 * 1024 });
    expect(note).toContain('64 KiB');
    expect(reads).toEqual([64 * 1024]);
  }
});

it('offers a huge picture or report for download only', async () => {
  for (const name of ['a.png', 'a.html'])
    expect(await preview(name, '', 21_000_000).first()).toMatchObject({ kind: 'none' });
  // A browser draws each shape of an SVG.
  expect(await preview('a.svg', '', 3_000_000).first()).toMatchObject({ kind: 'none' });
  expect(await preview('a.png', '', 3_000_000).first()).toMatchObject({ kind: 'image' });
});

it('previews a CSV as a table, says why a broken table has none, and reads each version once', async () => {
  const csv = preview('a.csv', 'id,name\n1,a\n2,b\n');
  expect((await csv.first()).table).toMatchObject({
    rows: 2,
    head: [
      ['1', 'a'],
      ['2', 'b'],
    ],
  });
  await csv.first();
  expect(csv.reads).toHaveLength(1);
  const broken = await preview('a.parquet', 'no parquet').first();
  expect(broken).toMatchObject({ kind: 'none', table: null });
  expect(broken.note).toContain('expected a parquet file');
});

it('shows JSON that is broken, or nested too deeply to answer with, as text with the reason', async () => {
  const parsed = (content: string) => async () => {
    try {
      return parseShownJson(Buffer.from(content));
    } catch (error) {
      throw new CitibikeError('INVALID_INPUT', `a.json cannot be shown as JSON: ${messageOf(error)}`);
    }
  };
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  for (const [content, reason] of [
    ['{"a":', 'Unexpected end'],
    [deep, 'deeper than 100 levels'],
  ] as const) {
    const { first } = preview('a.json', content, undefined, parsed(content));
    expect(await first()).toMatchObject({ kind: 'text', text: content, value: null });
    expect((await first()).note).toContain(reason);
  }
  expect(parseShownJson(Buffer.from('[{"a":[1]}]'))).toEqual([{ a: [1] }]);
});
