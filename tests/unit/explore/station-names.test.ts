import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseStationNames, readStationNames } from '../../../client/station-names.ts';

const namesIn = (...stations: unknown[]) =>
  Object.fromEntries(parseStationNames('s.json', JSON.stringify({ data: { stations } })));

describe('station names', () => {
  it('are texts up to GBFS 2', () => {
    expect(namesIn({ station_id: 'u-1', short_name: '5379.10', name: 'A "St" & <Ave>' })).toEqual({
      '5379.10': 'A "St" & <Ave>',
    });
  });

  it('are in English from GBFS 3, or else in the first language', () => {
    const texts = (...pairs: [string, string][]) => pairs.map(([language, text]) => ({ language, text }));
    expect(
      namesIn(
        { short_name: texts(['fr', 'un'], ['en', '1']), name: texts(['fr', 'Rue'], ['en', 'Street']) },
        { short_name: texts(['fr', '2']), name: texts(['fr', 'Rue 2'], ['de', 'Gasse 2']) },
        { short_name: '3', name: texts(['eng', 'Ing'], ['EN-us', 'Street 3']) },
      ),
    ).toEqual({ '1': 'Street', '2': 'Rue 2', '3': 'Street 3' });
  });

  it('belong to the station id if there is no short name', () => {
    expect(namesIn({ station_id: 'a', name: 'A' }, { station_id: 'b', short_name: null, name: 'B' })).toEqual(
      {
        a: 'A',
        b: 'B',
      },
    );
  });

  const good = { station_id: 'a', name: 'A' };
  it.for([
    [7, 'data.stations[1]: got 7, expected a station as an object'],
    [{ station_id: 'b' }, 'data.stations[1].name: got nothing, expected a text, or a list'],
    [{ station_id: 'b', name: [] }, 'data.stations[1].name: got [], expected a text, or a list'],
    [{ station_id: 'b', name: 5 }, 'data.stations[1].name: got 5, expected a text, or a list'],
    [
      { station_id: 'b', name: { en: 'B' } },
      'data.stations[1].name: got {"en":"B"}, expected a text, or a list',
    ],
    [
      { station_id: 'b', name: [{ text: 'B', language: 'en' }, { text: 1 }] },
      'data.stations[1].name[1]: got {"text":1}, expected an object with text and language',
    ],
    [{ short_name: 5379.1, name: 'B' }, 'data.stations[1].short_name: got 5379.1, expected a text'],
    [{ name: 'B' }, 'data.stations[1].station_id: got nothing, expected a text'],
    [
      { station_id: 'a', name: 'B' },
      'data.stations[1].name: got "B", expected the name of the other station "a", "A"',
    ],
  ] as const)('of a station %j are rejected by station and field', ([station, message]) => {
    expect(() => namesIn(good, station)).toThrow(`--stations: s.json, ${message}`);
  });

  it.for([
    ['{', /s\.json is not JSON: .*expected a GBFS station_information\.json/],
    ['[]', /s\.json, data\.stations: got nothing, expected a list of stations/],
    ['{"data":{"stations":{}}}', /s\.json, data\.stations: got \{\}, expected a list of stations/],
  ] as const)('of %s are rejected', ([text, message]) => {
    expect(() => parseStationNames('s.json', text)).toThrow(message);
  });
});

describe('a file of station names', () => {
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'citibike-stations-test-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it('may start with a byte order mark', async () => {
    const file = path.join(dir, 'a b[1] é?.json');
    await writeFile(file, '\ufeff{"data":{"stations":[{"station_id":"a","name":"Çà"}]}}');
    expect([...(await readStationNames(file))]).toEqual([['a', 'Çà']]);
  });

  it('in another encoding is rejected', async () => {
    const file = path.join(dir, 'latin1.json');
    await writeFile(file, Buffer.from('{"data":{"stations":[{"station_id":"a","name":"Ça"}]}}', 'latin1'));
    await expect(readStationNames(file)).rejects.toThrow(/latin1\.json is not UTF-8; save it as UTF-8/);
  });

  it('that is missing is rejected by name', async () => {
    await expect(readStationNames(path.join(dir, 'none.json'))).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      message: expect.stringMatching(/^--stations: no file .*none\.json$/) as string,
    });
  });
});
