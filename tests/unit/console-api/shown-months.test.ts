import { expect, it } from 'vitest';
import { shownMonths } from '../../../console/api/shown-months.ts';

it.each([
  ['2021-02..2021-02', '2021-02'],
  ['2024-01..2024-12', '2024-01..2024-12'],
  ['2021-02', '2021-02'],
])('shows %s as %s', (months, shown) => {
  expect(shownMonths(months)).toBe(shown);
});
