/** Reads the layouts of trip CSVs from inputs/csv-layouts.yaml. */
import path from 'node:path';
import { Type, type Static } from 'typebox';
import { assertFits } from '../../contracts/input-problems.ts';
import { readYaml } from '../yaml/read-yaml.ts';

const FILE = path.join(import.meta.dirname, '..', '..', 'inputs', 'csv-layouts.yaml');

const column = Type.String({ minLength: 1, description: 'published names of a column, separated by commas' });

const CsvLayout = Type.Object(
  {
    id: Type.Optional(column),
    bike: Type.Optional(column),
    started: column,
    ended: column,
    startStation: column,
    endStation: column,
    startName: Type.Optional(column),
    endName: Type.Optional(column),
    startLat: Type.Optional(column),
    startLon: Type.Optional(column),
    endLat: Type.Optional(column),
    endLon: Type.Optional(column),
    member: column,
    /** Columns that are known but not read. */
    others: Type.Optional(column),
  },
  { additionalProperties: false, description: 'columns by use' },
);
export type CsvLayout = Static<typeof CsvLayout>;

const Layouts = Type.Record(Type.String({ pattern: '^[a-z][a-z-]*$' }), CsvLayout, {
  additionalProperties: false,
  description: 'layouts by name',
});

/** Layouts by name. */
export type CsvLayouts = Readonly<Record<string, CsvLayout>>;

let layouts: Promise<CsvLayouts> | undefined;

/** Reads the file once for each process, which passes the layouts to its threads. */
export function readCsvLayouts(): Promise<CsvLayouts> {
  layouts ??= readYaml(FILE, 'layouts of trip CSVs').then(({ content, lineOf }) => {
    assertFits(
      'the layouts of trip CSVs in inputs/csv-layouts.yaml are',
      Layouts,
      content,
      () => [],
      {},
      lineOf,
    );
    return content;
  });
  return layouts;
}
