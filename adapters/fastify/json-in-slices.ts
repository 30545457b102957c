/**
 * Parses a large JSON body without blocking the event loop: one slice of rows per turn, each less than a
 * millisecond of work.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RowList } from './json-bounds.ts';

type Parse = (text: string) => unknown;

/**
 * Returns what `parse` returns for the whole body. Parses every list of rows separately and puts its index in
 * its place meanwhile.
 * @throws what `parse` throws, or a SyntaxError for a comma without a row.
 */
export async function parseInSlices(
  body: Buffer,
  rowLists: readonly RowList[],
  parse: Parse,
): Promise<unknown> {
  const around: string[] = [];
  let from = 0;
  for (const [index, { start, end }] of rowLists.entries()) {
    around.push(body.toString('utf8', from, start), String(index));
    from = end;
  }
  around.push(body.toString('utf8', from));
  const parsed = parse(around.join('')) as Record<string, unknown>;

  const lists: unknown[][] = [];
  for (const list of rowLists) lists.push(await parseRows(body, list, parse));
  for (const [name, value] of Object.entries(parsed)) {
    if (Array.isArray(value) && value.length === 1) parsed[name] = lists[value[0] as number];
  }
  return parsed;
}

async function parseRows(body: Buffer, { start, end, cuts }: RowList, parse: Parse): Promise<unknown[]> {
  const rows: unknown[] = [];
  let from = start;
  for (const to of [...cuts, end]) {
    await nextTurn();
    const slice = parse(`[${body.toString('utf8', from, to)}]`) as unknown[];
    if (slice.length === 0) throw new SyntaxError('a comma without a row');
    for (const row of slice) rows.push(row);
    from = to + 1;
  }
  return rows;
}
