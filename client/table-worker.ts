/** The thread of table-thread.ts; begun by table-thread-start.mjs. */
import { parentPort, workerData } from 'node:worker_threads';
import { CitibikeError, messageOf } from '../contracts/errors.ts';
import { readSortedTable } from './read-sorted-table.ts';
import type { SentColumn, TableJob, TableReply } from './table-thread.ts';

const port = parentPort;
if (!port) throw new Error('table-worker.ts runs in a thread of table-thread.ts, not by itself');
const { file, categorical } = workerData as TableJob;

try {
  const { rows, columns } = await readSortedTable(file, categorical);
  const sent = [...columns].map(([name, column]): [string, SentColumn] => [
    name,
    column.type === 'num' ? column : { type: 'cat', codes: column.codes, categories: column.categories },
  ]);
  const arrays = sent.flatMap(([, column]) =>
    column.type === 'num' ? [column.values.buffer, column.sorted.buffer] : [column.codes.buffer],
  ) as ArrayBuffer[];
  port.postMessage({ kind: 'read', rows, columns: sent } satisfies TableReply, arrays);
} catch (error) {
  port.postMessage({
    kind: 'failed',
    code: error instanceof CitibikeError ? error.code : null,
    message: error instanceof CitibikeError ? error.message : messageOf(error),
  } satisfies TableReply);
}
