import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlPath, withDuckDb } from '../../../adapters/duckdb/with-duckdb.ts';
import { readCsvLayouts } from '../../../adapters/rides/csv-layouts.ts';
import { parseWallClock } from '../../../adapters/rides/wall-clock.ts';
import { recogniseHeader } from '../../../adapters/rides/ride-header.ts';
import { DURATION_RULES } from '../../../core/ingest/ride-rules.ts';
import { NO_REAL_DATA, realDataDir } from '../../real-data.ts';
import { csvText, read } from './helpers.ts';
import { PUBLISHED_HEADERS, type PublishedHeader } from './published-headers.ts';
import { orSkip } from '../../or-skip.ts';

const layouts = await readCsvLayouts();
const recognise = (header: string) => recogniseHeader(header, { file: 'rides.csv' }, layouts);

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'ride-header-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Returns a row of a file: the values of the columns that are read, and a quoted comma in all others. */
function rowOf({ header, times: [started, ended] }: PublishedHeader, id: string): string {
  const columns = recognise(header);
  const cells = header.split(',').map(() => '"4,0"');
  const set = (at: number | null, value: string) => at !== null && (cells[at] = value);
  set(columns.id, id);
  set(columns.bike, 'electric_bike');
  set(columns.started, started);
  set(columns.ended, ended);
  set(columns.startStation, 'TA1307000038');
  set(columns.endStation, '0031');
  set(columns.startName, '"A St, North"');
  set(columns.endName, 'B St');
  set(columns.member, 'Member');
  return cells.join(',');
}

/** Returns the stations of each flow, and the type of their column. */
async function readFlows(file: string): Promise<unknown[][]> {
  const query = `SELECT start_station, end_station, typeof(start_station) FROM read_parquet(${sqlPath(file)})`;
  return withDuckDb(async (connection) => (await connection.runAndReadAll(query)).getRowsJS() as unknown[][]);
}

function startOf({ times: [started] }: PublishedHeader): string {
  const bytes = Buffer.from(started);
  return new Date(parseWallClock(bytes, 0, bytes.length) / 1000).toISOString();
}

describe('a published header', () => {
  it.each(PUBLISHED_HEADERS.map((each) => [each.layout, each.header.slice(0, 60), each] as const))(
    'has the layout %s: %s…',
    async (layout, _header, published) => {
      const start = startOf(published);
      const rows = [rowOf(published, '0012'), rowOf(published, '12')];
      const parts = await read(dir, csvText(rows, published.header), {
        month: start.slice(0, 7),
        rule: DURATION_RULES.all,
      });
      expect(parts.facts).toMatchObject({ schema: layout, kept: 2, memberTypes: { Member: 2 } });
      expect(parts.hours.rows).toMatchObject([
        { date: start.slice(0, 10), hour: Number(start.slice(11, 13)), trips: 2, member: 2, timed: 2 },
      ]);
      const [flow] = await readFlows(parts.flows.file);
      expect(flow).toEqual(['TA1307000038', '0031', 'VARCHAR']);
      expect(parts.ids?.rows).toBe(layouts[layout]?.id === undefined ? undefined : 2);
    },
  );

  it('may have a byte order mark, quotes, another case, and blanks, dots or underscores', () => {
    const plain = recognise('trip_id,start_time,end_time,from_station_id,to_station_id,usertype');
    const spelled = '\uFEFF"Trip.id"," START TIME","EndTime","from station id","To_Station_ID","User Type"\r';
    expect(recognise(spelled)).toEqual(plain);
  });
});

describe('a header is rejected', () => {
  const columns = 'trip_id,start_time,end_time,from_station_id,to_station_id,usertype';

  it.each([';', '\t', '|'])('with the separator %j', (mark) => {
    expect(() => recognise(columns.replaceAll(',', mark))).toThrow(
      /line 1: columns separated by .*expected commas/,
    );
  });

  it('if a column that is read occurs twice', () => {
    expect(() => recognise(`${columns},"Start Time"`)).toThrow(/Start Time.* occurs twice/);
    expect(recognise(`${columns},bikeid,bikeid`).layout).toBe('trip-endtime');
  });
});

describe('the layouts', () => {
  const columnsOf = (name: string) => Object.values(layouts[name]!).flatMap((names) => names.split(','));

  it('cannot be confused: no header with the columns of one layout has another one', () => {
    for (const name of Object.keys(layouts)) expect(recognise(columnsOf(name).join()).layout).toBe(name);
  });

  it('reject a header that has two of them', () => {
    const both = [...columnsOf('modern'), ...columnsOf('legacy')].join();
    expect(() => recognise(both)).toThrow(/has the layouts modern and legacy, expected one of them/);
  });

  const variants = path.join(realDataDir() ?? '', 'systems', 'header-variants.csv');
  it.skipIf(!existsSync(variants))(
    orSkip('know every published column', !existsSync(variants) && NO_REAL_DATA),
    () => {
      const known = new Set(Object.keys(layouts).flatMap(columnsOf).map(plain));
      const published = readFileSync(variants, 'utf8')
        .split('\n')
        .slice(1)
        .flatMap((line) => line.split(',')[3] ?? []);
      expect(published.filter((name) => !known.has(plain(name)))).toEqual([]);
      expect(published.length).toBeGreaterThan(300);
    },
  );

  const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z]/g, '');
});

describe('an unknown header', () => {
  it('is rejected with the nearest layout, the missing columns and the unknown ones', () => {
    const header = 'trip_id,start_time,end_time,from_station,to_station_id,usertype,colour';
    expect(() => recognise(header)).toThrow(
      /The nearest layout is trip-endtime; missing from the header: "from_station_id"; not in that layout: "from_station", "colour"$/,
    );
  });

  it('is rejected with all layouts if it has no column of any', () => {
    expect(() => recognise('a,b,c')).toThrow(
      /unknown header "a,b,c", expected a layout of .*: modern, legacy/,
    );
  });
});
