/**
 * Tests `citibike preprocess` on broken files: it rejects each with file and line, writes the good ones, and exits
 * with a code of its own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPORT_NAME, type PreprocessReport } from '../../../client/preprocess-files.ts';
import { BROKEN_INDEX, writeBrokenSample, type BrokenFileNote } from '../../sample/write-broken-sample.ts';
import { writeSample } from '../../../client/write-sample.ts';
import { NO_REAL_DATA, realDataDir } from '../../real-data.ts';
import { orSkip } from '../../or-skip.ts';

const CITIBIKE = path.resolve(import.meta.dirname, '../../../client/bin.mjs');

let dir: string;
let broken: string;
let sound: string;
beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'preprocess-'));
  broken = path.join(dir, 'broken');
  await writeBrokenSample({ out: broken });
  const sample = path.join(dir, 'sample');
  await writeSample({ out: sample, system: 'jc', from: '2024-02', to: '2024-02', ridesPerMonth: 2_000 });
  sound = path.join(sample, 'JC-202402-citibike-tripdata.csv.zip');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function preprocess(...files: readonly string[]) {
  const out = mkdtempSync(path.join(dir, 'out-'));
  const { status, stderr } = spawnSync(process.execPath, [CITIBIKE, 'preprocess', ...files, '--out', out], {
    encoding: 'utf8',
  });
  const written = readdirSync(out).filter((name) => name.endsWith('.parquet'));
  const pages = readdirSync(out).filter((name) => name.endsWith('-quality.html'));
  const report = path.join(out, REPORT_NAME);
  const { refused } = existsSync(report)
    ? (JSON.parse(readFileSync(report, 'utf8')) as PreprocessReport)
    : { refused: [] };
  return { status, stderr, written, pages, refused };
}

const TRIP_HEADER =
  'ride_id,rideable_type,started_at,ended_at,start_station_name,start_station_id,end_station_name,end_station_id,start_lat,start_lng,end_lat,end_lng,member_casual';
const OF_THE_SOUND_MONTH = ['jc-2024-02-flows.parquet', 'jc-2024-02.parquet'];

describe('unreadable files', () => {
  it('are rejected with file and line for each kind of damage, and the others are written', () => {
    const { files } = JSON.parse(readFileSync(path.join(broken, BROKEN_INDEX), 'utf8')) as {
      files: BrokenFileNote[];
    };
    const paths = files.map(({ file }) => path.join(broken, file));
    const { status, written, refused } = preprocess(...paths, sound);
    expect(status).toBe(1);
    expect(written).toEqual(OF_THE_SOUND_MONTH);
    expect(refused.map(({ file }) => path.basename(file)).sort()).toEqual(files.map(({ file }) => file));
    for (const { file, line } of files) {
      const { reason } = refused.find((each) => each.file.endsWith(file))!;
      expect(reason).toContain(file);
      if (line !== null) expect(reason).toContain(`line ${line}: `);
    }
  });

  it('are rejected if their names are ambiguous, and the others are written', () => {
    const nameless = path.join(dir, 'rides.zip');
    writeFileSync(nameless, 'x');
    const { status, written, refused } = preprocess(nameless, path.join(dir, 'gone.zip'), sound);
    expect(status).toBe(1);
    expect(written).toEqual(OF_THE_SOUND_MONTH);
    expect(refused.map(({ code }) => code)).toEqual(['INVALID_INPUT', 'SOURCE_NOT_FOUND']);
  });

  it('are distinguished from an HTML page and from an empty file', () => {
    const [page, empty] = ['JC-202403', 'JC-202404'].map((name) =>
      path.join(dir, `${name}-citibike-tripdata.csv.zip`),
    );
    writeFileSync(page!, '<html><body>Slow down</body></html>');
    writeFileSync(empty!, '');
    const { stderr } = preprocess(page!, empty!);
    expect(stderr).toMatch(/JC-202403-citibike-tripdata\.csv\.zip: an HTML or XML page instead/);
    expect(stderr).toMatch(/JC-202404-citibike-tripdata\.csv\.zip: empty: 0 bytes/);
  });
});

describe('months that fail the quality gate', () => {
  const name = 'JC-202405-citibike-tripdata.csv';
  let file: string;
  beforeAll(() => {
    const days = Array.from({ length: 31 }, (_, day) => String(day + 1).padStart(2, '0'));
    const rows = days.map((day, i) => {
      const [start, end] = ['00', '30'].map((minute) => `2024-05-${day} ${10 + (i % 9)}:${minute}:00`);
      return `${'0'.repeat(14)}${day},classic_bike,${start},${end},A,JC1,B,JC2,40.7,-74,40.7,-74,member`;
    });
    file = path.join(dir, name);
    writeFileSync(file, [TRIP_HEADER, ...rows, ''].join('\n'));
  });

  it('are rejected as `ingest` rejects them, and the report is kept', () => {
    const { status, stderr, written, pages, refused } = preprocess(file, sound);
    expect([status, written]).toEqual([1, OF_THE_SOUND_MONTH]);
    expect(refused).toMatchObject([{ code: 'QUALITY_GATE', month: '2024-05' }]);
    expect(stderr).toMatch(
      /jc 2024-05 does not pass its quality gate.*trips of the month.*expected from 100/,
    );
    expect(pages).toEqual(['jc-2024-02-quality.html', 'jc-2024-05-quality.html']);
    expect(stderr).toMatch(/The counted hours are in .*rejected\/jc-2024-05\.parquet/);
  });

  it('are written if the gate is off', () => {
    const { status, written } = preprocess(file, '--no-gate');
    expect([status, written]).toEqual([0, ['jc-2024-05-flows.parquet', 'jc-2024-05.parquet']]);
  });
});

const data = realDataDir();
it.skipIf(!data)(orSkip('a real file with conflict markers is rejected', !data && NO_REAL_DATA), () => {
  const [name] = readdirSync(path.join(data!, 'broken'));
  const { status, stderr, written } = preprocess(path.join(data!, 'broken', name!), sound);
  expect([status, written]).toEqual([1, OF_THE_SOUND_MONTH]);
  expect(stderr).toContain(`${name}, line 1: a version-control conflict marker`);
});
