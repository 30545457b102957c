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
  const width = (right - left) / Math.max(1, columns);
  const height = (bottom - top) / Math.max(1, rows);
  return (row, column) => ({
    x: left + column * width,
    y: top + row * height,
    width: Math.max(0, width - gap),
    height: Math.max(0, height - gap),
  });
}
