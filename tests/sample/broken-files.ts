/** Describes one file for each kind of damage that a download can have. `writeBrokenSample` packs them. */
import { HOUR_MS } from '../../contracts/calendar.ts';
import type { Month } from '../../contracts/months.ts';
import type { ZipContent } from '../../client/zip-of.ts';
import { JC } from '../fixtures/shipped-systems.ts';
import { archiveName, formatOf } from '../../core/sample/publish.ts';
import { Random, seedOf } from '../../core/sample/random-numbers.ts';
import { validRide, type Ride } from '../../core/sample/rides.ts';
import { sampleStations } from '../../core/sample/sample-stations.ts';

/** Represents the form of the archive around the entries. */
type Packing = 'zip' | 'truncated zip' | 'zip that understates its sizes' | 'no zip';

export interface BrokenFile {
  readonly file: string;
  readonly fault: string;
  /** Each file has its own month, so that the folder serves as a source. */
  readonly month: Month;
  /** 1-based line of the CSV with the fault, or null if the fault is in no line. */
  readonly line: number | null;
  readonly packing: Packing;
  /** For 'no zip', one entry with the content of the file. */
  readonly entries: readonly ZipContent[];
}

const RIDES = 200;
/** Names the line of the faults that affect one line; the number is arbitrary. */
const FAULTY_LINE = 102;
const BOMB_BYTES = 64 * 2 ** 20;

interface Fault {
  readonly fault: string;
  readonly line?: number;
  readonly packing?: Packing;
  readonly entries: (csv: string, name: string) => readonly ZipContent[];
}

const encode = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const as = (change: (csv: string) => string | Uint8Array) => (csv: string, name: string) => {
  const content = change(csv);
  return [{ name, content: typeof content === 'string' ? encode(content) : content }];
};
const asLine = (change: (line: string) => string) =>
  as((csv) =>
    csv
      .split('\r\n')
      .map((line, i) => (i === FAULTY_LINE - 1 ? change(line) : line))
      .join('\r\n'),
  );
const unchanged = as((csv) => csv);

/** Tests rely on the order and the months: append new faults. */
const FAULTS: readonly Fault[] = [
  { fault: 'truncated zip', packing: 'truncated zip', entries: unchanged },
  { fault: 'HTML instead of zip', packing: 'no zip', entries: as(() => HTML_ERROR_PAGE) },
  {
    fault: 'zip bomb',
    entries: as((csv) => {
      const bomb = new Uint8Array(BOMB_BYTES).fill(0x30);
      bomb.set(encode(csv));
      return bomb;
    }),
  },
  {
    fault: 'zip bomb that understates its size',
    packing: 'zip that understates its sizes',
    entries: as((csv) => {
      const bomb = new Uint8Array(BOMB_BYTES).fill(0x30);
      bomb.set(encode(csv));
      return bomb;
    }),
  },
  {
    fault: 'path traversal names',
    entries: (csv, name) => [
      { name: `../../${name}`, content: encode(csv) },
      { name: `/${name}`, content: encode(csv) },
    ],
  },
  { fault: 'empty CSV', line: 1, entries: as(() => '') },
  { fault: 'unknown header', line: 1, entries: as((csv) => csv.replace(/^.*\r\n/, UNKNOWN_HEADER)) },
  {
    fault: 'wrong encoding: Latin-1',
    line: FAULTY_LINE,
    entries: as((csv) => {
      const lines = csv.split('\r\n');
      lines[FAULTY_LINE - 1] = lines[FAULTY_LINE - 1]!.replace('Sample', 'Café');
      return latin1(lines.join('\r\n'));
    }),
  },
  {
    fault: 'wrong encoding: UTF-16',
    line: 1,
    entries: as((csv) => {
      const text = `\uFEFF${csv}`;
      const bytes = new DataView(new ArrayBuffer(text.length * 2));
      for (let i = 0; i < text.length; i += 1) bytes.setUint16(2 * i, text.charCodeAt(i), true);
      return new Uint8Array(bytes.buffer);
    }),
  },
  {
    fault: 'a column missing',
    line: 1,
    entries: as((csv) => csv.replace(/^("[^"]*"),("[^"]*"),("[^"]*"),/gm, '$1,$2,')),
  },
  { fault: 'one line cut in the middle', line: FAULTY_LINE, entries: asLine((line) => line.slice(0, 60)) },
  { fault: '0 rows', line: 1, entries: as((csv) => csv.replace(/\r\n[^]*$/, '\r\n')) },
  {
    fault: 'clock beyond range',
    line: FAULTY_LINE,
    entries: asLine((line) => line.replace(/ \d\d:\d\d:\d\d/, ' 25:61:61')),
  },
  {
    fault: 'conflict markers',
    line: FAULTY_LINE,
    entries: asLine((line) => `<<<<<<< HEAD\r\n${line}\r\n=======\r\n${line}\r\n>>>>>>> theirs`),
  },
];

const HTML_ERROR_PAGE =
  '<!DOCTYPE html>\n<html><head><title>503 Service Unavailable</title></head><body>Slow down</body></html>\n';

const UNKNOWN_HEADER = 'reise,rad,beginn,ende,a,b,c,d,e,f,g,h,i\r\n';

/** Returns one broken file per fault, of consecutive months. */
export function brokenFiles(seed: number): BrokenFile[] {
  return FAULTS.map(({ fault, line, packing, entries }, index) => {
    const month = `${2022 + Math.floor((index + 8) / 12)}-${String(((index + 8) % 12) + 1).padStart(2, '0')}`;
    const file = archiveName(JC, month);
    const name = file.replace(/\.zip$/, '');
    const { header, line: csvLine } = formatOf(JC, month);
    const csv = [header, ...soundRides(month, seed).map(csvLine), ''].join('\r\n');
    return { file, fault, month, line: line ?? null, packing: packing ?? 'zip', entries: entries(csv, name) };
  });
}

function soundRides(month: Month, seed: number): Ride[] {
  const random = new Random(seedOf(seed, `broken ${month}`));
  const stations = sampleStations(JC, seed);
  const start = Date.parse(`${month}-01`);
  return Array.from({ length: RIDES }, (_, i) => validRide(random, stations, start + i * 3 * HOUR_MS, true));
}
