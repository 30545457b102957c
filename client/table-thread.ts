/** A table read on a thread of its own, its numbers sorted there too. */
import module from 'node:module';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { CodedColumn } from '../adapters/csv/coded-column.ts';
import { CitibikeError, type ErrorCode } from '../contracts/errors.ts';
import type { Category, Column, NumericColumn, Table } from '../core/drift/table.ts';

/** What a thread is started with. */
export interface TableJob {
  readonly file: string;
  readonly categorical: readonly string[];
  /** Folder of the cache of compiled code, which threads do not inherit, where the process has one. */
  readonly compileCache: string | null;
}

/** As columns go from one thread to another: their arrays change hands, nothing is copied. */
export type SentColumn =
  | Required<NumericColumn>
  | { readonly type: 'cat'; readonly codes: Int32Array; readonly categories: readonly Category[] };

export type TableReply =
  | {
      readonly kind: 'read';
      readonly rows: number;
      readonly columns: readonly (readonly [string, SentColumn])[];
    }
  /** `code` is null for an error outside the catalogue. */
  | { readonly kind: 'failed'; readonly code: ErrorCode | null; readonly message: string };

/** Columns lie outside of the heap, so that a small one for what is young does. */
const LIMITS = { maxYoungGenerationSizeMb: 4 };

export class TableThread {
  /** Rejects with what the reader threw. */
  readonly table: Promise<Table>;
  readonly #worker: Worker;

  constructor(file: string, categorical: readonly string[]) {
    // Node names the folder of its version in the folder of the cache.
    const cache = module.getCompileCacheDir();
    const job: TableJob = {
      file,
      categorical,
      compileCache: cache === undefined ? null : path.dirname(cache),
    };
    this.#worker = new Worker(new URL('./table-thread-start.mjs', import.meta.url), {
      resourceLimits: LIMITS,
      workerData: job,
    });
    this.table = new Promise<TableReply>((resolve, reject) => {
      this.#worker.once('message', resolve);
      this.#worker.once('error', reject);
      this.#worker.once('exit', (code) =>
        reject(new Error(`the thread that read ${file} ended with ${code}`)),
      );
    }).then(tableOf);
    // Told to who waits for the table; nobody does when the other file was at fault first.
    this.table.catch(() => undefined);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

function tableOf(reply: TableReply): Table {
  if (reply.kind === 'failed') {
    throw reply.code === null ? new Error(reply.message) : new CitibikeError(reply.code, reply.message);
  }
  const columns = reply.columns.map(([name, column]): [string, Column] => [
    name,
    column.type === 'num' ? column : new CodedColumn(column.codes, column.categories),
  ]);
  return { rows: reply.rows, columns: new Map(columns) };
}
