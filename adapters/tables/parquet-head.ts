import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import {
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  snappyUncompress,
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  type SchemaElement,
} from 'hyparquet';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import {
  HEAD_ROWS,
  MOST_COLUMNS,
  cellText,
  extreme,
  summarize,
  type HeadColumn,
  type RangedFile,
  type TableHead,
} from './table-head.ts';

/** The statistics of a file up to this size come from its values, those of a larger one from its footer. */
const WHOLE_BYTES = 4 * 2 ** 20;
/** A small file may hold many more values, as runs of one. */
const MOST_SUMMARIZED_VALUES = 500_000;
const FOOTER_BYTES = 2 ** 16;
const MOST_FOOTER_BYTES = 8 * 2 ** 20;
/** Limits the bytes of the columns of the first row group, of which the first rows are read. */
const MOST_GROUP_BYTES = 32 * 2 ** 20;
/** Limits the bytes of a page after decompression. */
const MOST_PAGE_BYTES = 64 * 2 ** 20;

type Decompress = (input: Uint8Array, options: { maxOutputLength: number }) => Buffer;

const bounded = (decompress: Decompress) => (input: Uint8Array, bytes: number) =>
  decompress(input, { maxOutputLength: Math.max(1, Math.min(bytes, MOST_PAGE_BYTES)) });

/** Those that Node contains, and that of hyparquet, which allocates whatever the page announces. */
const COMPRESSORS: Compressors = {
  SNAPPY: (input, bytes) => {
    if (bytes > MOST_PAGE_BYTES) throw new RangeError(`a page announces ${bytes} bytes`);
    const page = new Uint8Array(bytes);
    snappyUncompress(input, page);
    return page;
  },
  ZSTD: bounded(zstdDecompressSync),
  GZIP: bounded(gunzipSync),
  BROTLI: bounded(brotliDecompressSync),
};

/**
 * Reads the head of a parquet file: its footer and the beginning of its first row group.
 * @throws CitibikeError INVALID_INPUT if it is not a parquet file.
 */
export async function parquetHead(file: RangedFile): Promise<TableHead> {
  const buffer = asyncBuffer(file);
  const metadata = await readMetadata(file, buffer);
  const all = parquetSchema(metadata).children;
  const shown = all
    .slice(0, MOST_COLUMNS)
    .map(({ element }) => ({ name: element.name, type: typeOf(element) }));
  const rows = Number(metadata.num_rows);
  const isSummarized = file.bytes <= WHOLE_BYTES && rows * shown.length <= MOST_SUMMARIZED_VALUES;
  const read = await firstRows(buffer, metadata, shown, isSummarized ? rows : HEAD_ROWS);
  return {
    columns: shown.map(({ name, type }) =>
      isSummarized && read
        ? summarize(
            name,
            type,
            read.map((row) => row[name]),
          )
        : footerColumn(metadata, name, type),
    ),
    allColumns: all.length,
    rows,
    head:
      read && read.slice(0, HEAD_ROWS).map((row) => shown.map(({ name, type }) => cellText(row[name], type))),
    statistics: 'every row',
  };
}

async function readMetadata(file: RangedFile, buffer: AsyncBuffer): Promise<FileMetaData> {
  try {
    return await parquetMetadataAsync(
      { ...buffer, slice: (from, to) => checkedSlice(buffer, from, to, MOST_FOOTER_BYTES) },
      { initialFetchSize: Math.min(file.bytes, FOOTER_BYTES) },
    );
  } catch (error) {
    if (error instanceof CitibikeError) throw error;
    throw new CitibikeError(
      'INVALID_INPUT',
      `cannot read the table, expected a parquet file: ${messageOf(error)}`,
      {},
      { cause: error },
    );
  }
}

/** Returns undefined if the rows lie beyond the bytes that may be read, or in pages that cannot be read. */
async function firstRows(
  buffer: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly { readonly name: string }[],
  rowEnd: number,
): Promise<Record<string, unknown>[] | null> {
  try {
    return await parquetReadObjects({
      file: { ...buffer, slice: (from, to) => checkedSlice(buffer, from, to, MOST_GROUP_BYTES) },
      metadata,
      columns: columns.map(({ name }) => name),
      rowEnd,
      useOffsetIndex: true,
      compressors: COMPRESSORS,
    });
  } catch (error) {
    // Only an outage concerns the caller; without rows, the statistics of the footer are still of use.
    if (error instanceof CitibikeError && error.code !== 'INVALID_INPUT') throw error;
    return null;
  }
}

function asyncBuffer({ bytes, range }: RangedFile): AsyncBuffer {
  return {
    byteLength: bytes,
    slice: async (from, to = bytes) => {
      const part = await range(from, Math.min(to, bytes));
      return part.buffer.slice(part.byteOffset, part.byteOffset + part.byteLength) as ArrayBuffer;
    },
  };
}

async function checkedSlice(
  buffer: AsyncBuffer,
  from: number,
  to: number | undefined,
  most: number,
): Promise<ArrayBuffer> {
  const bytes = (to ?? buffer.byteLength) - from;
  if (from >= 0 && bytes >= 0 && bytes <= most) return buffer.slice(from, to);
  throw new CitibikeError(
    'INVALID_INPUT',
    `cannot read the table: a part has ${bytes} bytes, expected at most ${most}`,
  );
}

/** Combines the statistics of all row groups. */
function footerColumn({ row_groups: groups }: FileMetaData, name: string, type: string): HeadColumn {
  const statistics = groups.map(
    ({ columns }) =>
      columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === name)?.meta_data?.statistics,
  );
  const of = (pick: (each: NonNullable<(typeof statistics)[number]>) => unknown) =>
    statistics.flatMap((each) => (each ? (pick(each) ?? []) : []));
  const nulls = of(({ null_count: count }) => count);
  return {
    name,
    type,
    min: cellText(
      extreme(
        of((each) => each.min_value ?? each.min),
        -1,
      ),
      type,
    ),
    max: cellText(
      extreme(
        of((each) => each.max_value ?? each.max),
        1,
      ),
      type,
    ),
    nulls: nulls.length === groups.length ? nulls.reduce<number>((sum, each) => sum + Number(each), 0) : null,
    mean: null,
    distinct: null,
  };
}

/** Names the type of a column in words. */
function typeOf({
  type,
  logical_type: logical,
  converted_type: converted,
  num_children,
}: SchemaElement): string {
  const name = logical?.type ?? converted ?? '';
  if (num_children) return name === 'LIST' ? 'list' : name === 'MAP' ? 'map' : 'structure';
  if (name === 'DATE') return 'day';
  if (name.startsWith('TIMESTAMP')) return 'time';
  if (name === 'DECIMAL' || type === 'DOUBLE' || type === 'FLOAT') return 'number';
  if (type === 'BOOLEAN') return 'boolean';
  if (type === 'INT32' || type === 'INT64') return name.startsWith('TIME') ? 'time of day' : 'integer';
  if (type === 'INT96') return 'time';
  return type === 'BYTE_ARRAY' && (name === 'STRING' || name === 'UTF8' || name === 'JSON' || name === 'ENUM')
    ? 'text'
    : 'bytes';
}
