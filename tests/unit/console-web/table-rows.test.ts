import { createElement } from 'react';
import { describe, expect, it } from 'vitest';
import { csvName, csvOf } from '../../../console/web/src/format/csv.ts';
import {
  filterRows,
  rowsAsCsv,
  sortRows,
  textOf,
  valueOf,
  type Column,
} from '../../../console/web/src/ui/table-rows.ts';

interface Row {
  readonly name: string;
  readonly rmse: number | null;
}

const NAME: Column<Row> = { head: 'Name', cell: ({ name }) => createElement('b', null, 'v', name) };
const RMSE: Column<Row> = {
  head: 'RMSE',
  numeric: true,
  cell: ({ rmse }) => (rmse === null ? '–' : rmse.toLocaleString('en-US').replace('-', '−')),
};
const BOX: Column<Row> = { head: 'Select', cell: () => createElement('input', { type: 'checkbox' }) };
const ROWS: readonly Row[] = [
  { name: '10', rmse: 1234 },
  { name: '9', rmse: null },
  { name: '2', rmse: -71.5 },
];
const names = (rows: readonly Row[]) => rows.map(({ name }) => name);

describe('cells as values', () => {
  it('reads text through elements, and a time or a state from a component', () => {
    const Time = (_: { readonly at: string }) => null;
    const cell = createElement('span', null, 'v', 3, ' ', createElement('b', null, 'champion'));
    expect(textOf(cell)).toBe('v3 champion');
    expect(textOf(createElement(Time, { at: '2025-01-01T00:00:00Z' }))).toBe('2025-01-01T00:00:00Z');
  });

  it('reads shown numbers, and takes a dash for no value', () => {
    expect(ROWS.map((row) => valueOf(RMSE, row))).toEqual([1234, null, -71.5]);
  });
});

describe('sortRows', () => {
  it('sorts numbers in names by value, and missing values last in both orders', () => {
    expect(names(sortRows(ROWS, NAME, 'asc'))).toEqual(['2', '9', '10']);
    expect(names(sortRows(ROWS, RMSE, 'asc'))).toEqual(['2', '10', '9']);
    expect(names(sortRows(ROWS, RMSE, 'desc'))).toEqual(['10', '2', '9']);
  });
});

it('filters by every word in any cell', () => {
  expect(names(filterRows(ROWS, [NAME, RMSE], 'V1 1,23'))).toEqual(['10']);
  expect(filterRows(ROWS, [NAME, RMSE], ' ')).toBe(ROWS);
});

describe('CSV', () => {
  it('has the raw numbers, and leaves out columns without values', () => {
    expect(rowsAsCsv([BOX, NAME, RMSE], ROWS)).toBe('Name,RMSE\r\nv10,1234\r\nv9,\r\nv2,-71.5\r\n');
  });

  it('quotes, and defuses texts that a spreadsheet would run', () => {
    const texts = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '＝1', 'a,"b"\n', 'a=1'];
    expect(
      csvOf(
        ['a'],
        texts.map((text) => [text]),
      )
        .split('\r\n')
        .slice(1),
    ).toEqual(["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "' =1", "'＝1", '"a,""b""\n"', 'a=1', '']);
    expect(csvOf(['=head'], [[-1]])).toBe("'=head\r\n-1\r\n");
  });

  it('names the file after the caption', () => {
    expect(csvName('Runs, newest first')).toBe('runs-newest-first.csv');
    expect(csvName('–')).toBe('table.csv');
  });
});
