import { expect, it } from 'vitest';
import { isStaleForecast } from '../../../contracts/demand-forecast.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');

it.each([
  ['open-meteo', '2026-11-29T12:00:00.000Z', false],
  ['open-meteo', '2026-11-29T11:59:00.000Z', true],
  ['climatology', '2026-11-30T12:00:00.000Z', true],
] as const)('%s issued at %s: stale is %s', (provider, issuedAt, expected) => {
  expect(isStaleForecast({ provider, issuedAt }, NOW)).toBe(expected);
});
