import { range } from 'd3-array';
import { scaleBand } from 'd3-scale';
import type { Frame } from './scales.ts';

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Returns the position of each cell of a grid; the first row is at the top. @param gap pixels between two cells. */
export function gridGeometry(
  { left, right, top, bottom }: Frame,
  { rows, columns, gap = 1 }: { readonly rows: number; readonly columns: number; readonly gap?: number },
): (row: number, column: number) => Cell {
  const across = scaleBand(range(columns), [left, right]);
  const down = scaleBand(range(rows), [top, bottom]);
  return (row, column) => ({
    x: across(column) ?? left,
    y: down(row) ?? top,
    width: Math.max(0, across.bandwidth() - gap),
    height: Math.max(0, down.bandwidth() - gap),
  });
}
