import { describe, expect, it } from 'vitest';
import { chooseFiles } from '../../../core/ingest/choose-files.ts';
import {
  candidateNames,
  beginsLikeNamesOf,
  tripFileNames,
  parseWeatherFileName,
} from '../../../core/ingest/source-names.ts';
import { JC, NYC } from '../../fixtures/shipped-systems.ts';

describe('names of published files', () => {
  it.each([
    ['202401-citibike-tripdata.csv.zip', NYC, 'archive', ['2024-01']],
    ['202405-citibike-tripdata.zip', NYC, 'archive', ['2024-05']],
    ['202405 Citbike-tripdata.zip', NYC, 'archive', ['2024-05']],
    ['JC-202207-citbike-tripdata.csv.zip', JC, 'archive', ['2022-07']],
    ['JC-202301-citbike-tripdata.zip', JC, 'archive', ['2023-01']],
    ['JC-201708 citibike-tripdata.csv.zip', JC, 'archive', ['2017-08']],
    ['citibike-hourly-2025-q1.parquet', NYC, 'hourly', ['2025-01', '2025-02', '2025-03']],
  ])('%s', (name, system, kind, months) => {
    expect(tripFileNames(system)(name)).toEqual({ kind, months });
    expect(tripFileNames(system === NYC ? JC : NYC)(name)).toBeUndefined();
  });

  it('of a year cover its twelve months', () => {
    expect(tripFileNames(NYC)('2019-citibike-tripdata.zip')).toMatchObject({ kind: 'archive' });
    expect(tripFileNames(NYC)('2019-citbike-tripdata.csv.zip')?.months).toHaveLength(12);
    expect(tripFileNames(NYC)('2024-citibike-tripdata.parquet')?.months).toHaveLength(12);
  });

  it.each([
    '202413-citibike-tripdata.zip',
    '../202401-citibike-tripdata.zip',
    'index.html',
    '202401-tripdata.csv',
  ])('do not include %s', (name) => {
    for (const system of [NYC, JC]) expect(tripFileNames(system)(name)).toBeUndefined();
  });

  it('to try without a listing include the known misspelling of a month', () => {
    expect(candidateNames(JC, '2022-07')).toContain('JC-202207-citbike-tripdata.csv.zip');
    expect(candidateNames(JC, '2017-08')).toContain('JC-201708 citibike-tripdata.csv.zip');
    expect(candidateNames(JC, '2024-01')).toEqual([
      'JC-202401-citibike-tripdata.csv.zip',
      'JC-202401-citibike-tripdata.zip',
      'JC-2024-citibike-tripdata.zip',
    ]);
  });

  it.each([
    ['JC-202401 rides.csv', JC, NYC],
    ['jc202401.csv', JC, NYC],
    ['202401-citibike-tripdata_1.csv', NYC, JC],
  ])('begin like %s', (name, system, other) => {
    expect(beginsLikeNamesOf(system, name)).toBe(true);
    expect(beginsLikeNamesOf(other, name)).toBe(false);
    expect(beginsLikeNamesOf(system, '202401-rides.csv')).toBe(false);
  });

  it('of weather carry the year', () => {
    expect(parseWeatherFileName('weather-daily-2025-q1.csv')).toBe(2025);
    expect(parseWeatherFileName('weather-2025.csv')).toBeUndefined();
  });
});

const file = (name: string, modified = 0) => ({ name, modified });
const names = (files: readonly { file: { name: string } }[]) => files.map(({ file: { name } }) => name);

describe('choice of files for a month', () => {
  it('takes the newest of two names, never both', () => {
    const older = file('202408-citibike-tripdata.csv.zip', 1);
    const newer = file('202408-citibike-tripdata.zip', 2);
    for (const listed of [
      [older, newer],
      [newer, older],
    ])
      expect(chooseFiles(NYC, ['2024-08'], listed).months[0]?.files).toMatchObject([{ file: newer }]);
  });

  it('prefers an archive to processed hours', () => {
    const listed = [file('citibike-hourly-2024.parquet', 9), file('202408-citibike-tripdata.zip', 1)];
    expect(names(chooseFiles(NYC, ['2024-08'], listed).months[0]!.files)).toEqual([
      '202408-citibike-tripdata.zip',
    ]);
  });

  it('does not count the strays of processed hours twice beside an archive', () => {
    const listed = [file('citibike-hourly-2024.parquet'), file('202408-citibike-tripdata.zip')];
    const { months } = chooseFiles(NYC, ['2024-07', '2024-08'], listed);
    expect(months.map(({ neighbours }) => names(neighbours))).toEqual([[], []]);
  });

  it('has both neighbours of an archive, and is complete if the next exists', () => {
    const listed = ['202407', '202408', '202409'].map((month) =>
      file(`JC-${month}-citibike-tripdata.csv.zip`),
    );
    const { months } = chooseFiles(JC, ['2024-08', '2024-09'], listed);
    expect(names(months[0]!.neighbours)).toEqual([
      'JC-202407-citibike-tripdata.csv.zip',
      'JC-202409-citibike-tripdata.csv.zip',
    ]);
    expect(months.map(({ complete }) => complete)).toEqual([true, false]);
  });

  it('looks for strays of December in the next year’s processed hours', () => {
    const listed = [file('citibike-hourly-2024.parquet'), file('citibike-hourly-2025-q1.parquet')];
    const { months } = chooseFiles(NYC, ['2024-11', '2024-12'], listed);
    expect(months.map(({ neighbours }) => names(neighbours))).toEqual([
      [],
      ['citibike-hourly-2025-q1.parquet'],
    ]);
  });

  it('names missing months', () => {
    const choice = chooseFiles(NYC, ['2019-05', '2024-01'], [file('202401-citibike-tripdata.zip')]);
    expect(choice.missing).toEqual(['2019-05']);
  });

  it('takes months without their own archive from that of the year', () => {
    const listed = [file('2019-citibike-tripdata.zip', 2), file('201906-citibike-tripdata.zip', 1)];
    const { months, missing } = chooseFiles(NYC, ['2019-05', '2019-06'], listed);
    expect(missing).toEqual([]);
    expect(months[0]?.files).toEqual([
      { file: listed[0], kind: 'archive', month: '2019-05', ofSeveral: true },
    ]);
    expect(months[1]?.files).toEqual([
      { file: listed[1], kind: 'archive', month: '2019-06', ofSeveral: false },
    ]);
    expect(months[0]?.neighbours.map(({ month, ofSeveral }) => [month, ofSeveral])).toEqual([
      ['2019-04', true],
      ['2019-06', false],
    ]);
    expect(months[1]?.complete).toBe(true);
  });

  it('does not look for months before the system’s first in a year archive', () => {
    expect(chooseFiles(NYC, ['2013-05', '2013-06'], [file('2013-citibike-tripdata.zip')]).missing).toEqual([
      '2013-05',
    ]);
  });

  it('names the first month of a file of processed hours that spans several', () => {
    const { months } = chooseFiles(NYC, ['2025-02'], [file('citibike-hourly-2025-q1.parquet')]);
    expect(months[0]?.files).toMatchObject([{ kind: 'hourly', month: '2025-01' }]);
  });
});
