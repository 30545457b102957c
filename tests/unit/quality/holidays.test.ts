import { describe, expect, it } from 'vitest';
import { withDuckDb } from '../../../adapters/duckdb/session.ts';
import { federalHolidays, isFederalHoliday } from '../../../core/features/holidays.ts';
import { NO_REAL_DATA, realDataDir } from '../../real-data.ts';

describe('US federal holidays', () => {
  it('are the eleven that OPM lists for 2024', () => {
    expect([...federalHolidays(2024)]).toEqual([
      '2024-01-01',
      '2024-01-15',
      '2024-02-19',
      '2024-05-27',
      '2024-06-19',
      '2024-07-04',
      '2024-09-02',
      '2024-10-14',
      '2024-11-11',
      '2024-11-28',
      '2024-12-25',
    ]);
  });

  it('that fall on a Sunday are also observed on Monday', () => {
    expect(isFederalHoliday('2021-07-04')).toBe(true);
    expect(isFederalHoliday('2021-07-05')).toBe(true);
  });

  it('that fall on a Saturday are also observed on Friday, even in the year before', () => {
    expect(isFederalHoliday('2020-07-03')).toBe(true);
    expect(isFederalHoliday('2021-12-31')).toBe(true);
    expect(isFederalHoliday('2027-12-31')).toBe(true);
  });

  it('have Juneteenth from 2021 on', () => {
    expect(isFederalHoliday('2020-06-19')).toBe(false);
    expect(isFederalHoliday('2021-06-18')).toBe(true);
  });

  const dir = realDataDir();
  describe.skipIf(!dir)(`in the processed hours that people have (${dir ? 'present' : NO_REAL_DATA})`, () => {
    it('are the days marked there, in 2024 and 2025', async () => {
      const marked = await withDuckDb(async (connection) => {
        const reader = await connection.runAndReadAll(
          `SELECT DISTINCT strftime(date, '%Y-%m-%d'), holiday::INTEGER FROM read_parquet('${dir}/hourly/citibike-hourly-*.parquet')`,
        );
        return reader.getRowsJS() as [string, number][];
      });
      const wrong = marked.filter(([date, holiday]) => isFederalHoliday(date) !== (holiday === 1));
      expect(wrong).toEqual([]);
    });
  });
});
