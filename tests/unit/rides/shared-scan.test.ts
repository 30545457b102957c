import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCsvLayouts } from '../../../adapters/rides/csv-layouts.ts';
import type { ArchiveRides } from '../../../adapters/rides/read-rides.ts';
import { scanCsv, scanSentLines, type SharedScanJob } from '../../../adapters/rides/scan-csv.ts';
import { scanOnThreads } from '../../../adapters/rides/scan-on-threads.ts';
import { SharedBlocks, sharedMemory } from '../../../adapters/rides/shared-blocks.ts';
import { DURATION_RULES } from '../../../core/ingest/ride-rules.ts';
import { heldFiles } from '../../fixtures/held-files.ts';
import { LEGACY_HEADER, csvText, read, ride } from './helpers.ts';
import { NO_LINUX, orSkip } from '../../or-skip.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'shared-scan-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Holds five rows, so that most blocks begin and end inside a row. */
const BLOCK_BYTES = 600;
const ROWS = 60;

/** Returns rows of one length, of which each has another id, time and station. */
function rides(change: (line: string, row: number) => string = (line) => line): string[] {
  return Array.from({ length: ROWS }, (_, row) => {
    const minute = String(row).padStart(2, '0');
    return change(
      ride(`ride-${minute}`, `2024-08-31 08:${minute}:00`, `2024-08-31 09:${minute}:59`, `S${minute}`, 'E'),
      row,
    );
  });
}

async function jobOf(csv: string): Promise<SharedScanJob> {
  const archive = path.join(dir, 'rides.csv');
  writeFileSync(archive, csv);
  const { size } = statSync(archive);
  return {
    place: { file: 'rides.csv' },
    entry: {
      archive,
      name: 'rides.csv',
      at: 0,
      packedBytes: size,
      bytes: size,
      method: 'stored',
      checksum: null,
    },
    month: '2024-08',
    months: { from: '2024-08', to: '2024-08' },
    rule: DURATION_RULES.all,
    scratch: path.join(dir, 'keys'),
    contested: [],
    layouts: await readCsvLayouts(),
    withStations: false,
    shared: sharedMemory(BLOCK_BYTES),
  };
}

/** Reads the CSV, encoded in Latin-1, on one thread and on two. */
async function readTwice(csv: string): Promise<{ alone: unknown; together: unknown }> {
  const archive = { 'rides.csv': Buffer.from(csv, 'latin1') };
  const result = (options: { blockBytes?: number }) =>
    read(dir, archive, { withStations: false, ...options }).then(contentOf, String);
  return { alone: await result({}), together: await result({ blockBytes: BLOCK_BYTES }) };
}

function contentOf({ hours, flows, ids, ...rest }: ArchiveRides): unknown {
  const files = [hours, flows, ids].map((part) => part && readFileSync(part.file).toString('base64'));
  return { ...rest, rows: hours.rows, files };
}

describe('blocks in shared memory', () => {
  it('arrive in order, and are rejected while all places are taken', () => {
    const memory = sharedMemory(3);
    const sender = new SharedBlocks(memory);
    const blocks = ['abc', 'd', 'ef', 'ghi'];
    expect(blocks.map((text) => sender.send(Buffer.from(text)))).toEqual(blocks.map(() => true));
    expect(sender.send(Buffer.from('j'))).toBe(false);
    const received: string[] = [];
    for (const block of new SharedBlocks(memory).received()) {
      received.push(Buffer.from(block).toString());
      if (received.length === 2) expect(sender.send(Buffer.from('j'))).toBe(true);
      if (received.length === 3) sender.end();
    }
    expect(received).toEqual([...blocks, 'j']);
  });
});

describe('a scan by two threads', () => {
  it('counts each row once', async () => {
    const job = await jobOf(csvText(rides()));
    const { tally: first } = await scanCsv(job, () => undefined);
    const { tally: second } = scanSentLines({ ...job, scratch: `${job.scratch}-sent` });
    // The header takes one of four places, and a block has three or four whole rows of these.
    expect(second.rows).toBeGreaterThanOrEqual(9);
    expect(first.rows + second.rows).toBe(ROWS);
    const stations = [...first.stations, ...second.stations].filter((station) => station !== 'E');
    expect(new Set(stations).size).toBe(ROWS);
    expect(stations).toHaveLength(ROWS);
  });

  it('returns a tally of each thread', async () => {
    const job = { ...(await jobOf(csvText(rides()))), shared: null };
    expect((await scanOnThreads(job, { blockBytes: BLOCK_BYTES })).tallies).toHaveLength(2);
    expect((await scanOnThreads(job, {})).tallies).toHaveLength(1);
    const withStations = { ...job, withStations: true };
    expect((await scanOnThreads(withStations, { blockBytes: BLOCK_BYTES })).tallies).toHaveLength(1);
  });

  it.each<[string, string]>([
    ['rides with ids', csvText(rides())],
    ['a last line without a line feed', csvText(rides()).trimEnd()],
    ['empty lines at the end', `${csvText(rides())}\r\n\n`],
    ['quoted fields', csvText(rides((line, row) => (row === 20 ? line.replace('A St', '"A, St"') : line)))],
    ['repeated ids', csvText(rides((line, row) => line.replace(/ride-\d\d/, `ride-${row % 25}`)))],
    ['rides of another month', csvText(rides((line, row) => line.replace('08-31', `0${8 + (row % 2)}-01`)))],
    [
      'rows that repeat without ids',
      csvText(
        rides(
          (_, row) => `326,2024-08-01 00:00:04,2024-08-01 00:05:31,${row % 7},A,79,B,${row % 3},Subscriber`,
        ),
        LEGACY_HEADER,
      ),
    ],
    [
      'more types of riders than half of a CSV may have',
      csvText(rides((line, row) => line.replace('member', `${row}`))),
    ],
    [
      'one type of rider with and without quotes',
      csvText(rides((line, row) => line.replace('member', row % 2 === 0 ? 'a"b' : '"a""b"'))),
    ],
    [
      'unreadable times in less than half',
      csvText(rides((line, row) => (row < 29 ? unreadable(line) : line))),
    ],
  ])('gives the same parts of %s', async (_what, csv) => {
    const { alone, together } = await readTwice(csv);
    expect(alone).toHaveProperty('facts');
    expect(together).toEqual(alone);
  });

  it.each<[string, (line: string) => string]>([
    ['an empty line', (line) => `\r\n${line}`],
    ['a row cut short', () => 'b,classic_bike,2024'],
    ['a quote that is not closed', (line) => `"${line}`],
    ['a byte that is not UTF-8', (line) => line.replace('A St', 'Café')],
    ['an impossible time', (line) => line.replace('2024-08-31 08', '2024-08-31 25')],
  ])('names the line of %s, wherever it is', async (_what, change) => {
    for (const at of [0, 13, ROWS - 1]) {
      const csv = csvText(rides((line, row) => (row === at ? change(line) : line)));
      const { alone, together } = await readTwice(csv);
      expect(alone).toMatch(new RegExp(`line ${at + 2}: `));
      expect(together).toEqual(alone);
    }
  });

  it('rejects unreadable times in more than half of all rows', async () => {
    const { alone, together } = await readTwice(
      csvText(rides((line, row) => (row < 31 ? unreadable(line) : line))),
    );
    expect(alone).toMatch(/31 of 60 start times cannot be read/);
    expect(together).toEqual(alone);
  });

  it('stops with the reason when it is cancelled, and can scan again', async () => {
    const controller = new AbortController();
    const csv = csvText(rides());
    const reading = read(dir, csv, {
      withStations: false,
      blockBytes: BLOCK_BYTES,
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(new Error('cancelled')), 5);
    await expect(reading).rejects.toThrow('cancelled');
    const { alone, together } = await readTwice(csv);
    expect(together).toEqual(alone);
  });
});

function unreadable(line: string): string {
  return line.replace('2024-08-31 08', '31.08.2024 08');
}

it.skipIf(NO_LINUX)(orSkip('closes its files when a CSV is rejected', NO_LINUX), async () => {
  const csv = csvText(rides((line, row) => (row === 40 ? 'not a ride' : line)));
  await expect(scanCsv({ ...(await jobOf(csv)), shared: null }, () => undefined)).rejects.toThrow('line 42');
  // The stream that reads the archive closes it a moment later.
  await expect.poll(() => heldFiles(dir)).toEqual([]);
});
