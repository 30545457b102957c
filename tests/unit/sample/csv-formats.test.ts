import { expect, it, test } from 'vitest';
import { readCsvLayouts } from '../../../adapters/rides/csv-layouts.ts';
import { recogniseHeader } from '../../../adapters/rides/ride-header.ts';
import { parseWallClock } from '../../../adapters/rides/wall-clock.ts';
import { csvFormat } from '../../../core/sample/csv-formats.ts';
import { formatOf } from '../../../core/sample/publish.ts';
import { NYC } from '../../fixtures/shipped-systems.ts';

const layouts = await readCsvLayouts();
const STATION = { id: 'JC001', name: 'A St', lat: '40.1', lng: '-74.1', number: 7 };
const RIDE = {
  id: '0123456789abcdef',
  bike: 'classic_bike',
  started: Date.UTC(2024, 2, 31, 23, 5, 6),
  ended: Date.UTC(2024, 3, 1, 0, 4, 6),
  from: STATION,
  to: STATION,
  member: 'member',
} as unknown as Parameters<NonNullable<ReturnType<typeof csvFormat>>['line']>[0];

it.each(Object.keys(layouts))('writes rides in the layout %s', (layout) => {
  const { header, line } = csvFormat(layout, '2024-03')!;
  const columns = recogniseHeader(header, { file: 'sample.csv' }, layouts);
  expect(columns.layout).toBe(layout);
  const cells = line(RIDE).replaceAll('"', '').split(',');
  expect(cells).toHaveLength(columns.count);
  const started = Buffer.from(cells[columns.started]!);
  // In microseconds.
  expect(parseWallClock(started, 0, started.length)).toBe(RIDE.started * 1_000);
  expect(cells[columns.startStation]).toMatch(/7|JC001/);
});

test('a system without the layout modern has its first layout in samples that name none', () => {
  const facts = { ...NYC, trips: { ...NYC.trips, layouts: ['passholder', 'legacy'] } };
  expect(formatOf(facts, '2016-03').header).toBe(csvFormat('passholder', '2016-03')!.header);
  expect(formatOf(NYC, '2024-03').header).toContain('ride_id');
});
