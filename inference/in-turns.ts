import { setImmediate as nextTurn } from 'node:timers/promises';

/** Rows worked on before other requests and probes get their turn: a few milliseconds of work. */
export const ROWS_A_TURN = 200;

/**
 * Works through a batch slice by slice and leaves the event loop free in between.
 * @returns undefined when it is done already, as with nearly every request: waiting for nothing costs a microsecond.
 */
export function inTurns<Row>(
  rows: readonly Row[],
  work: (slice: readonly Row[], first: number) => void,
  rowsATurn = ROWS_A_TURN,
): Promise<void> | undefined {
  if (rows.length > rowsATurn) return inManyTurns(rows, work, rowsATurn);
  work(rows, 0);
  return undefined;
}

async function inManyTurns<Row>(
  rows: readonly Row[],
  work: (slice: readonly Row[], first: number) => void,
  rowsATurn: number,
): Promise<void> {
  for (let first = 0; first < rows.length; first += rowsATurn) {
    if (first > 0) await nextTurn();
    work(rows.slice(first, first + rowsATurn), first);
  }
}
