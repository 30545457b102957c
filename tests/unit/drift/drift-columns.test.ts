import { describe, expect, it } from 'vitest';
import { comparedColumns, type DriftTable } from '../../../client/drift-columns.ts';
import type { Column } from '../../../core/drift/evidently/drift-table.ts';

const column: Column = { type: 'num', values: Float64Array.of(1, 2) };
const tableOf = (names: readonly string[], leftOut?: DriftTable['leftOut']): DriftTable => ({
  rows: 2,
  columns: new Map(names.map((name) => [name, column])),
  leftOut,
});
const files = { reference: 'a.parquet', current: 'b.csv' };

describe('columns that the reader omitted', () => {
  const leftOut = [
    { name: '__index_level_0__', reason: 'an index of pandas' },
    { name: 'seen', reason: 'a timestamp' },
  ];
  const tables = {
    // A reader may keep an omitted column, whose values --by week needs.
    reference: tableOf(['x', 'seen'], leftOut),
    current: tableOf(['x', 'seen']),
  };

  it('are ignored on both sides, with the reason', () => {
    const { ignored, reference, current } = comparedColumns(tables, files);
    expect(ignored).toEqual([leftOut[1], leftOut[0]]);
    expect([...reference.columns.keys(), ...current.columns.keys()]).toEqual(['x', 'x']);
  });

  it('may be named by --ignore, and by --columns where they have values', () => {
    const named = comparedColumns(tables, { ...files, ignore: ['__index_level_0__'] });
    expect(named.ignored).toContainEqual({ name: '__index_level_0__', reason: 'named by --ignore' });
    expect(comparedColumns(tables, { ...files, columns: ['seen'] }).both).toEqual(['seen']);
    expect(() => comparedColumns(tables, { ...files, columns: ['__index_level_0__'] })).toThrow(
      '--columns: column "__index_level_0__" of a.parquet is left out (an index of pandas); name another',
    );
  });
});
