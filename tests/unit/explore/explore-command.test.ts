import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { withDuckDb, sqlText } from '../../../adapters/duckdb/with-duckdb.ts';
import type { RepeatedHour } from '../../../adapters/tables/hour-origins.ts';
import { exploreCommand } from '../../../client/commands/explore.ts';
import { readExploreFlows } from '../../../client/explore-flows.ts';
import { readExploreHours } from '../../../client/explore-hours.ts';
import { exploreFolders } from '../../../client/explore-sources.ts';
import { readStationNames } from '../../../client/station-names.ts';
import { JC, NYC } from '../../fixtures/shipped-systems.ts';
import { FORMER_PLACE } from '../../../contracts/former-place.ts';

let dir = '';
const span = { facts: JC, rules: 'seed', from: '2024-04', to: '2024-05' } as const;

async function parquet(file: string, select: string): Promise<string> {
  const target = path.join(dir, file);
  await mkdir(path.dirname(target), { recursive: true });
  await withDuckDb((connection) => connection.run(`COPY (${select}) TO ${sqlText(target)} (FORMAT parquet)`));
  return target;
}

/** Writes 30 days of 24 hours with the same trips. */
const hoursOf = (month: string, trips: number) =>
  `SELECT DATE '${month}-01' + (i // 24)::INTEGER AS date, (i % 24)::INTEGER AS hour, ${trips}::BIGINT AS trips FROM range(720) t(i)`;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'citibike-explore-test-'));
  await parquet(
    'months/jc-2024-04.parquet',
    `SELECT DATE '2024-04-01' + (i // 24)::INTEGER AS date, (i % 24)::INTEGER AS hour, (i + 1)::BIGINT AS trips, 0::BIGINT AS holiday,
       i::BIGINT AS member, 1::BIGINT AS casual, 0::BIGINT AS electric, (i + 1)::BIGINT AS classic, 7.5::DOUBLE AS mean_minutes
     FROM range(720) t(i)`,
  );
  await parquet(
    'months/jc-2024-04-flows.parquet',
    `SELECT DATE '2024-04-01' AS date, 8 AS hour, a AS start_station, b AS end_station, n::BIGINT AS trips FROM (VALUES
       ('JC1', 'JC2', 5), ('JC2', 'JC1', 3), ('JC1', 'JC1', 4), ('unknown', 'JC2', 2)) t(a, b, n)`,
  );
  // The last hour of a month comes twice in real files, and is summed.
  await parquet(
    'hourly/citibike-hourly-2024.parquet',
    `SELECT DATE '2024-05-01' AS date, 8 AS hour, n::BIGINT AS trips, 0::BIGINT AS holiday FROM (VALUES (10), (5)) t(n)`,
  );
  await writeFile(
    path.join(dir, 'stations.json'),
    JSON.stringify({ data: { stations: [{ short_name: 'JC1', name: 'Grove St' }] } }),
  );
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('folders to explore', () => {
  it('provide months and flows, and name the missing months', async () => {
    const source = await exploreFolders([dir], span);
    expect(source.hours.map(({ file }) => path.basename(file))).toEqual(['jc-2024-04.parquet']);
    expect(source.flows.map((file) => path.basename(file))).toEqual(['jc-2024-04-flows.parquet']);
    expect(source).toMatchObject({ missingMonths: ['2024-05'], synthetic: false });
  });

  it('are rejected if they have none of the months', async () => {
    await expect(exploreFolders([dir], { ...span, from: '2019-01', to: '2019-02' })).rejects.toThrow(
      /no hours of jc 2019-01 to 2019-02 in .*expected jc-2019-01\.parquet.*; there are hours of jc from 2024-04 to/,
    );
    await expect(
      exploreFolders([dir], { facts: NYC, rules: 'seed', from: '2019-01', to: '2019-02' }),
    ).rejects.toThrow(/no hours of nyc .*; there are hours of jc from 2024-04 to .*: add --system jc$/);
  });

  it('provide each month once if a file of the year has it too', async () => {
    const mixed = path.join(dir, 'mixed');
    await parquet('mixed/nyc-2024-04.parquet', hoursOf('2024-04', 1));
    await parquet(
      'mixed/citibike-hourly-2024.parquet',
      `${hoursOf('2024-04', 5)} UNION ALL ${hoursOf('2024-05', 5)}`,
    );
    const nyc = { ...span, facts: NYC };
    const rows = await readExploreHours((await exploreFolders([mixed, mixed], nyc)).hours, nyc, FORMER_PLACE);
    const trips = (month: string) =>
      rows.filter(({ date }) => date.startsWith(month)).reduce((sum, row) => sum + row.trips, 0);
    expect([trips('2024-04'), trips('2024-05')]).toEqual([720, 5 * 720]);
  });

  it('are rejected if two files are of one month', async () => {
    for (const folder of ['a', 'b'])
      await parquet(`twice/${folder}/jc-2024-04.parquet`, hoursOf('2024-04', 1));
    await expect(exploreFolders([path.join(dir, 'twice')], span)).rejects.toThrow(
      /a\/jc-2024-04\.parquet and .*b\/jc-2024-04\.parquet are of the same month/,
    );
  });

  it.each([
    ['half an hour', 'hour + 0.5', 'date', /row 1: hour: got 0\.5/],
    [
      'a zone',
      'hour',
      'date::TIMESTAMPTZ',
      /column date: got the type TIMESTAMP WITH TIME ZONE.*remove the zone/,
    ],
  ])('with hours of %s are rejected', async (_what, hour, date, why) => {
    const file = await parquet(
      'wrong.parquet',
      `SELECT ${date} AS date, ${hour} AS hour, trips FROM (${hoursOf('2024-04', 1)})`,
    );
    await expect(readExploreHours([{ file, months: ['2024-04'] }], span, FORMER_PLACE)).rejects.toThrow(why);
  });

  it('with flows of other columns are rejected', async () => {
    const file = await parquet('flows.parquet', "SELECT 'a' AS start_station, 'b' AS end_station, 1 AS n");
    await expect(readExploreFlows([file], new Map(), 2)).rejects.toThrow(/column trips is missing; it has/);
  });

  it('are rejected if they do not exist', async () => {
    await expect(exploreFolders([path.join(dir, 'nowhere')], span)).rejects.toThrow(
      /nowhere is not a folder/,
    );
  });
});

describe('the summary', () => {
  it('has every hour once, with hours of processed files summed', async () => {
    const hourly = path.join(dir, 'hourly/citibike-hourly-2024.parquet');
    expect(
      await readExploreHours(
        [{ file: hourly, months: ['2024-05'] }],
        { from: '2024-05', to: '2024-05' },
        FORMER_PLACE,
      ),
    ).toEqual([
      {
        date: '2024-05-01',
        hour: 8,
        trips: 15,
        holiday: 0,
        member: null,
        casual: null,
        electric: null,
        classic: null,
        mean_minutes: null,
      },
    ]);
  });

  it('names hours that have several rows', async () => {
    const hourly = path.join(dir, 'hourly/citibike-hourly-2024.parquet');
    const repeated: RepeatedHour[] = [];
    const files = [{ file: hourly, months: ['2024-05'] }];
    await readExploreHours(files, { from: '2024-05', to: '2024-05' }, FORMER_PLACE, (hours) =>
      repeated.push(...hours),
    );
    expect(repeated).toEqual([{ key: '2024-05-01T08', files: [hourly] }]);
  });

  it.each([
    [
      "1 AS start_station, 'b' AS end_station, 2 AS trips",
      /flows\.parquet, column start_station: got the type INTEGER/,
    ],
    [
      "'a' AS start_station, 'b' AS end_station, 1.5 AS trips",
      /flows\.parquet, row 1: trips: got "1.5", expected a whole/,
    ],
    [
      "'a' AS start_station, NULL::VARCHAR AS end_station, 2 AS trips",
      /flows\.parquet, row 1: end_station: got null/,
    ],
    ["'a' AS start_station, 2 AS trips", /flows\.parquet: column end_station is missing/],
  ])('rejects flows with %s', async (columns, why) => {
    const file = await parquet('wrong/flows.parquet', `SELECT ${columns}`);
    await expect(readExploreFlows([file], new Map(), 2)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(why) as string,
    });
  });

  it('has the busiest stations and routes, without rides that lack a station', async () => {
    const flows = path.join(dir, 'months/jc-2024-04-flows.parquet');
    const names = await readStationNames(path.join(dir, 'stations.json'));
    expect(await readExploreFlows([flows], names, 2)).toEqual({
      trips: 14,
      roundTrips: 4,
      unknown: 2,
      stations: 2,
      // JC1 has 5 + 4 out, 3 + 4 in; JC2 has 3 out, 5 + 2 in.
      busiestStations: [
        { station: 'Grove St', starts: 9, ends: 7 },
        { station: 'JC2', starts: 3, ends: 7 },
      ],
      busiestRoutes: [
        { from: 'Grove St', to: 'JC2', trips: 5 },
        { from: 'JC2', to: 'Grove St', trips: 3 },
      ],
    });
  });
});

describe('citibike explore', () => {
  const run = async (...args: string[]) =>
    (await exploreCommand()).exitOverride().parseAsync(args, { from: 'user' });

  it('writes one page', async () => {
    const out = path.join(dir, 'page.html');
    await run('--from', '2024-04', '--to', '2024-05', '--system', 'jc', '--months-dir', dir, '--out', out);
    // The sum is 1 + 2 + ... + 720.
    expect(await readFile(out, 'utf8')).toContain('<th>Trips</th><td>259,560</td>');
  });

  it('accepts addresses, and lists the files that it read', async () => {
    const notes = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const out = path.join(dir, 'page #1.html');
    const at = (file: string) => pathToFileURL(file).href;
    const weather = path.join(dir, 'weather [1].csv');
    await writeFile(weather, 'DATE,TMAX_F,TMIN_F\n2024-04-01,60,50\n');
    const inputs = ['--months-dir', at(path.join(dir, 'months')), '--weather', at(weather)];
    try {
      await run('--from', '2024-04', '--to', '2024-04', '--system', 'jc', ...inputs, '--out', at(out));
      expect(notes.mock.calls.map(([text]) => String(text)).join('')).toMatch(
        /read 3 files: .*jc-2024-04\.parquet, .*weather%20%5B1%5D\.csv, .*jc-2024-04-flows\.parquet/,
      );
    } finally {
      notes.mockRestore();
    }
    expect(await readFile(out, 'utf8')).toContain('<th>Trips</th><td>259,560</td>');
  });

  it('rejects a text that is not a month, and a span that ends before it starts', async () => {
    await expect(run('--from', '2024-4', '--to', '2024-05')).rejects.toThrow(
      /--from: got "2024-4", expected a month/,
    );
    await expect(run('--from', '2024-06', '--to', '2024-05')).rejects.toThrow(/--to: got 2024-05/);
  });

  it('shows the English name of a station as text', async () => {
    const stations = path.join(dir, 'gbfs-3.json');
    const name = [
      { text: 'Rue <b>', language: 'fr' },
      { text: 'Grove & <script>', language: 'en-US' },
    ];
    const short_name = [{ text: 'JC1', language: 'en' }];
    await writeFile(
      stations,
      JSON.stringify({ version: '3.0', data: { stations: [{ station_id: 'a', short_name, name }] } }),
    );
    const out = path.join(dir, 'names.html');
    const args = ['--from', '2024-04', '--to', '2024-04', '--system', 'jc', '--months-dir', dir];
    await run(...args, '--stations', stations, '--out', out);
    const page = await readFile(out, 'utf8');
    expect(page).toContain('Grove &amp; &lt;script&gt; → JC2');
    expect(page).not.toContain('Grove & <script>');
  });

  it('rejects a file that is not a station file', async () => {
    const args = ['--from', '2024-04', '--to', '2024-05', '--system', 'jc', '--months-dir', dir];
    await expect(run(...args, '--stations', path.join(dir, 'months'))).rejects.toThrow(/--stations: /);
  });
});
