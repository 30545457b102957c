import { setImmediate as nextTurn } from 'node:timers/promises';

/** Sets the number of rows computed before other requests and probes get a turn: a few milliseconds of work. */
export const ROWS_A_TURN = 200;

/**
 * Processes a batch slice by slice and frees the event loop in between.
 * @returns undefined if the batch is already done, as for nearly every request, because an unneeded await costs a microsecond.
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
