/** Previews artifacts for the console, from a bounded part of their bytes. */
import { readTableHead } from '../../../adapters/tables/read-table-head.ts';
import type { TableHead } from '../../../adapters/tables/table-head.ts';
import { CitibikeError } from '../../../contracts/errors.ts';
import type { PreviewBody } from '../schemas/artifacts.ts';
import { Cache } from './cache.ts';
import type { StorageSource } from './storage.ts';

const TEXT_BYTES = 64 * 1024;
/** A larger JSON is shown as the beginning of its text. */
const MOST_JSON_BYTES = 1_000_000;
/** A larger report or picture would slow the browser down. It draws each shape of an SVG, of which 17 MB took half a minute. */
const MOST_SHOWN_BYTES = 20_000_000;
const MOST_SVG_BYTES = 2_000_000;

type Kind = PreviewBody['kind'];

const KINDS: Readonly<Record<string, Kind>> = {
  parquet: 'table',
  csv: 'table',
  json: 'json',
  svg: 'image',
  png: 'image',
  html: 'page',
  htm: 'page',
  md: 'text',
  txt: 'text',
  log: 'text',
  yaml: 'text',
  yml: 'text',
};

const NOTHING = { table: null, value: null, text: null, note: null };

export class PreviewSource {
  readonly #storage: StorageSource;
  /** Previews by address and ETag, which are never out of date. */
  readonly #previews = new Cache<PreviewBody>(Infinity, 20);
  /** The table that is read now. Its pages take memory, so one is read at a time. */
  #table: Promise<unknown> = Promise.resolve();

  constructor(storage: StorageSource) {
    this.#storage = storage;
  }

  /** @throws CitibikeError SOURCE_NOT_FOUND */
  async preview(uri: string): Promise<PreviewBody> {
    const object = await this.#storage.head(uri);
    return this.#previews.get(`${uri} ${object.etag}`, () => this.#read(uri, object.bytes));
  }

  async #read(uri: string, bytes: number): Promise<PreviewBody> {
    const extension = /\.([a-z0-9]+)$/i.exec(uri)?.[1]?.toLowerCase() ?? '';
    const kind = KINDS[extension];
    switch (kind) {
      case 'table':
        return this.#readTable(uri, extension, bytes);
      case 'json':
        return bytes > MOST_JSON_BYTES ? this.#readText(uri, bytes) : this.#readJson(uri, bytes);
      case 'text':
        return this.#readText(uri, bytes);
      case 'image':
      case 'page':
        return bytes > (extension === 'svg' ? MOST_SVG_BYTES : MOST_SHOWN_BYTES)
          ? { ...NOTHING, kind: 'none', note: 'The file is too large to show. Download it.' }
          : { ...NOTHING, kind };
      default:
        return { ...NOTHING, kind: 'none', note: 'Files of this type have no preview. Download it.' };
    }
  }

  async #readJson(uri: string, bytes: number): Promise<PreviewBody> {
    try {
      return { ...NOTHING, kind: 'json', value: await this.#storage.json(uri) };
    } catch (error) {
      if (!(error instanceof CitibikeError) || error.code !== 'INVALID_INPUT') throw error;
      return { ...(await this.#readText(uri, bytes)), note: error.message };
    }
  }

  async #readText(uri: string, bytes: number): Promise<PreviewBody> {
    const part =
      bytes > 0 ? await this.#storage.range(uri, 0, Math.min(bytes, TEXT_BYTES)) : new Uint8Array();
    const note =
      bytes > TEXT_BYTES ? `The first ${TEXT_BYTES / 1024} KiB. Download the file for the rest.` : null;
    return { ...NOTHING, kind: 'text', text: new TextDecoder().decode(part), note };
  }

  async #readTable(uri: string, extension: string, bytes: number): Promise<PreviewBody> {
    const range = (from: number, to: number) => this.#storage.range(uri, from, to);
    const kind = extension === 'parquet' ? 'parquet' : 'csv';
    const turn = this.#table.then(() => readTableHead(kind, { bytes, range }));
    this.#table = turn.catch(() => undefined);
    try {
      return { ...NOTHING, kind: 'table', table: bodyOf(await turn) };
    } catch (error) {
      if (!(error instanceof CitibikeError) || error.code !== 'INVALID_INPUT') throw error;
      return { ...NOTHING, kind: 'none', note: error.message };
    }
  }
}

function bodyOf({ columns, head, ...facts }: TableHead): NonNullable<PreviewBody['table']> {
  return {
    ...facts,
    columns: columns.map((column) => ({ ...column })),
    head: head && head.map((row) => [...row]),
  };
}
