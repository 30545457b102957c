import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withDuckDb, sqlText } from '../../../adapters/duckdb/session.ts';
import { exploreCommand } from '../../../client/commands/explore.ts';
import { readExploreFlows, readExploreHours } from '../../../client/explore-query.ts';
import { exploreFolders } from '../../../client/explore-sources.ts';
import { readStationNames } from '../../../client/station-names.ts';

let dir = '';
const span = { system: 'jc', rules: 'seed', from: '2024-04', to: '2024-05' } as const;

async function parquet(file: string, select: string): Promise<string> {
  const target = path.join(dir, file);
  await mkdir(path.dirname(target), { recursive: true });
  await withDuckDb((connection) => connection.run(`COPY (${select}) TO ${sqlText(target)} (FORMAT parquet)`));
  return target;
}

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
  // As people have them: the last hour of a month comes twice, and is summed.
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
  it('give months and flows, and name the months they lack', async () => {
    const source = await exploreFolders([dir], span);
    expect(source.hours.map(({ file }) => path.basename(file))).toEqual(['jc-2024-04.parquet']);
    expect(source.flows.map((file) => path.basename(file))).toEqual(['jc-2024-04-flows.parquet']);
    expect(source).toMatchObject({ missingMonths: ['2024-05'], synthetic: false });
  });

  it('are refused where they hold none of the months', async () => {
    await expect(exploreFolders([dir], { ...span, from: '2019-01', to: '2019-02' })).rejects.toThrow(
      /no hours of jc 2019-01 to 2019-02 in .*expected jc-2019-01\.parquet/,
    );
  });

  it('are refused where they are not there', async () => {
    await expect(exploreFolders([path.join(dir, 'nowhere')], span)).rejects.toThrow(/no folder .*nowhere/);
  });
});

describe('what is read', () => {
  it('is every hour once, those of processed files summed', async () => {
    const hourly = path.join(dir, 'hourly/citibike-hourly-2024.parquet');
    expect(
      await readExploreHours([{ file: hourly, months: ['2024-05'] }], { from: '2024-05', to: '2024-05' }),
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

  it('is the busiest stations and routes, without what has no station', async () => {
    const flows = path.join(dir, 'months/jc-2024-04-flows.parquet');
    const names = await readStationNames(path.join(dir, 'stations.json'));
    expect(await readExploreFlows([flows], names, 2)).toEqual({
      trips: 14,
      roundTrips: 4,
      unknown: 2,
      stations: 2,
      // JC1: 5 + 4 out, 3 + 4 in; JC2: 3 out, 5 + 2 in.
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
  const run = (...args: string[]) => exploreCommand().exitOverride().parseAsync(args, { from: 'user' });

  it('writes one page', async () => {
    const out = path.join(dir, 'page.html');
    await run('--from', '2024-04', '--to', '2024-05', '--system', 'jc', '--months-dir', dir, '--out', out);
    // 1 + 2 + ... + 720
    expect(await readFile(out, 'utf8')).toContain('<th>Trips</th><td>259,560</td>');
  });

  it('refuses a month that is none, and a span that ends before it starts', async () => {
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

  it('refuses a station file that is none', async () => {
    const args = ['--from', '2024-04', '--to', '2024-05', '--system', 'jc', '--months-dir', dir];
    await expect(run(...args, '--stations', path.join(dir, 'months'))).rejects.toThrow(/--stations: /);
  });
});
