/** Reads heads of tables in a process of its own, one at a time. It asks its parent for their bytes. `readTableHead` starts it. */
import { CitibikeError } from '../../contracts/errors.ts';
import { csvHead } from './csv-head.ts';
import { parquetHead } from './parquet-head.ts';
import type { BytesWanted, HeadRead, PartRead, TableToRead } from './read-table-head.ts';

const waiting = new Map<number, (part: Uint8Array) => void>();
let asked = 0;

process.on('message', (said: TableToRead | PartRead) => {
  if ('kind' in said) void answer(said);
  else waiting.get(said.id)?.(said.part);
});

async function answer({ kind, bytes }: TableToRead): Promise<void> {
  try {
    const head = await (kind === 'parquet' ? parquetHead : csvHead)({ bytes, range });
    tell({ head });
  } catch (error) {
    if (!(error instanceof CitibikeError)) throw error;
    tell({ invalid: error.message });
  }
  waiting.clear();
}

function range(from: number, to: number): Promise<Uint8Array> {
  return new Promise((resolve) => {
    asked += 1;
    waiting.set(asked, resolve);
    tell({ id: asked, from, to });
  });
}

function tell(message: HeadRead | BytesWanted): void {
  process.send!(message);
}
