/** Compares the scanner with DuckDB's CSV reader and time functions: the same rows must give the same hours and flows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlText, withDuckDb } from '../../../adapters/duckdb/with-duckdb.ts';
import { readCsvLayouts } from '../../../adapters/rides/csv-layouts.ts';
import { DURATION_RULES } from '../../../core/ingest/ride-rules.ts';
import { HEADER, csvText, read } from './helpers.ts';
import type { StoredRuleSet } from '../../../contracts/stored-names.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'against-duckdb-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const RULES: Readonly<Record<StoredRuleSet, string>> = {
  seed: `ended IS NOT NULL AND epoch_us(ended) - epoch_us(started) > 0 AND epoch_us(ended) - epoch_us(started) < 3600000000`,
  all: 'true',
};

/** Returns trips by hour and flow of a modern CSV on disk, one per ride_id, with the earliest start. */
async function byDuckDb(file: string, rules: StoredRuleSet, month: string) {
  const time = (column: string) =>
    `coalesce(try_strptime(trim(${column}), ['%Y-%m-%d %H:%M:%S.%f', '%Y-%m-%d %H:%M:%S', '%m/%d/%Y %H:%M:%S', '%m/%d/%Y %H:%M']))`;
  const station = (column: string) => `coalesce(nullif(${column}, ''), 'unknown')`;
  return withDuckDb(async (connection) => {
    await connection.run(
      `CREATE TABLE rides AS
       SELECT min_by(struct_pack(started := started, a := a, b := b), started) AS ride FROM (
         SELECT ride_id, ${time('started_at')} AS started, ${time('ended_at')} AS ended,
                ${station('start_station_id')} AS a, ${station('end_station_id')} AS b
         FROM read_csv(${sqlText(file)}, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"', nullstr = '~'))
       WHERE started IS NOT NULL AND ${RULES[rules]} GROUP BY ride_id`,
    );
    const rows = async (columns: string) =>
      (
        await connection.runAndReadAll(
          `SELECT strftime(ride.started, '%Y-%m-%d'), hour(ride.started)::INTEGER, ${columns} count(*)::INTEGER
           FROM rides WHERE strftime(ride.started, '%Y-%m') = ${sqlText(month)} GROUP BY ALL ORDER BY ALL`,
        )
      ).getRowsJS();
    return { hours: await rows(''), flows: await rows('ride.a, ride.b,') };
  });
}

async function flowsOf(file: string) {
  return withDuckDb(async (connection) =>
    (
      await connection.runAndReadAll(
        `SELECT strftime(date, '%Y-%m-%d'), hour, start_station, end_station, trips::INTEGER FROM read_parquet(${sqlText(file)})`,
      )
    ).getRowsJS(),
  );
}

const two = (n: number) => String(n).padStart(2, '0');
const pick = <T>(...values: T[]) => fc.constantFrom(...values);
const time = fc
  .tuple(
    pick(7, 8, 9),
    pick(1, 15, 30),
    fc.nat({ max: 23 }),
    pick(0, 30, 59),
    pick(0, 59),
    pick('', '.0', '.001', '.999', '.123456'),
  )
  .map(([mo, d, h, mi, s, f]) => `2024-${two(mo)}-${two(d)} ${two(h)}:${two(mi)}:${two(s)}${f}`);
const anyTime = fc.oneof(
  { weight: 12, arbitrary: time },
  {
    weight: 1,
    arbitrary: pick(
      '',
      'yesterday',
      '8/15/2024 9:05',
      ' 2024-08-01 10:00:00 ',
      '2024-08-01',
      '2024-08-1x 10:00:00',
    ),
  },
);
const text = pick('', 'JC072', '5065.10', '5065.1', 'Grand St, North', 'say "so"', 'Café', ' padded ');
const row = fc.record({
  id: fc.oneof(
    fc.nat({ max: 40 }).map((n) => n.toString(16).toUpperCase().padStart(16, '0')),
    pick('x', 'X', '10', '10.0', '00000000000000ff'),
  ),
  started: anyTime,
  ended: anyTime,
  from: text,
  to: text,
  quoted: fc.boolean(),
});

describe('hours and flows', () => {
  it('equal those of DuckDB for any rows', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 60 }),
        pick<StoredRuleSet>('seed', 'all'),
        async (rows, rules) => {
          // Every start can be read, so that no file is rejected for unreadable times.
          const ends = new Map<string, string>();
          const lines = rows.flatMap(({ id, started, ended, from, to, quoted }, i) => {
            // Rows with one ride id are exact copies, because the choice between different rides with one id and one start is undefined.
            const key = `${id}|${started}`;
            if (ends.has(key)) return [];
            ends.set(key, ended);
            const fields = [id, 'classic_bike', started, ended, 'A', from, 'B', to, '', '', '', '', 'member'];
            const field = (value: string) =>
              quoted || /[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
            return [
              fields.map(field).join(','),
              `good${i},classic_bike,2024-08-02 10:00:00,2024-08-02 10:01:00,A,1,B,2,,,,,member`,
            ];
          });
          const here = path.join(dir, String(run++));
          execFileSync('mkdir', [here]);
          const parts = await read(here, csvText(lines), { rule: DURATION_RULES[rules] });
          const expected = await byDuckDb(path.join(here, 'rides.csv'), rules, '2024-08');
          expect(parts.hours.rows.map(({ date, hour, trips }) => [date, hour, trips])).toEqual(
            expected.hours,
          );
          expect((await flowsOf(parts.flows.file)).map((flow) => JSON.stringify(flow)).sort()).toEqual(
            expected.flows.map((flow) => JSON.stringify(flow)).sort(),
          );
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);

  it('do not depend on the chunk borders', async () => {
    const { RideScanner } = await import('../../../adapters/rides/ride-scanner.ts');
    const layouts = await readCsvLayouts();
    const body = Buffer.from(
      csvText(
        ['a,classic_bike,2024-08-01 10:00:00,,"Café, ""x""",1,B,2,,,,,member', 'b,"é",,,,,,,,,,,casual'],
        HEADER,
      ),
    );
    const scan = (cut: readonly number[]) => {
      const rows: string[][] = [];
      const scanner = new RideScanner(
        { file: 'x' },
        {
          begin: () => undefined,
          row: (bytes, starts, ends) => {
            rows.push(
              Array.from({ length: 13 }, (_, i) =>
                Buffer.from(bytes.subarray(starts[i], ends[i])).toString(),
              ),
            );
            return undefined;
          },
        },
        layouts,
      );
      const points = [0, ...[...cut].sort((a, b) => a - b), body.length];
      for (const [i, from] of points.slice(0, -1).entries()) scanner.feed(body.subarray(from, points[i + 1]));
      scanner.end();
      return rows;
    };
    const whole = scan([]);
    expect(whole).toHaveLength(2);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: body.length }), { maxLength: 8 }), (cut) => {
        expect(scan(cut)).toEqual(whole);
      }),
    );
  });
});
