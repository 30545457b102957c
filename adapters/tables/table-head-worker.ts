/** Reads heads of tables in a thread, one at a time. It asks the thread of the service for their bytes. `readTableHead` starts it. */
import { parentPort } from 'node:worker_threads';
import { CitibikeError } from '../../contracts/errors.ts';
import { csvHead } from './csv-head.ts';
import { parquetHead } from './parquet-head.ts';
import type { BytesWanted, HeadRead, PartRead, TableToRead } from './read-table-head.ts';

const port = parentPort!;
const waiting = new Map<number, (part: Uint8Array) => void>();
let asked = 0;

port.on('message', (said: TableToRead | PartRead) => {
  if ('kind' in said) void answer(said);
  else waiting.get(said.id)?.(said.part);
});

async function answer({ kind, bytes }: TableToRead): Promise<void> {
  try {
    const head = await (kind === 'parquet' ? parquetHead : csvHead)({ bytes, range });
    port.postMessage({ head } satisfies HeadRead);
  } catch (error) {
    if (!(error instanceof CitibikeError)) throw error;
    port.postMessage({ invalid: error.message } satisfies HeadRead);
  }
  waiting.clear();
}

function range(from: number, to: number): Promise<Uint8Array> {
  return new Promise((resolve) => {
    asked += 1;
    waiting.set(asked, resolve);
    port.postMessage({ id: asked, from, to } satisfies BytesWanted);
  });
}
