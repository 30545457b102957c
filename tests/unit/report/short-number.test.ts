import { expect, it } from 'vitest';
import { percent, shortNumber } from '../../../core/report/short-number.ts';

it.each([
  [0, '0'],
  [0.00042, '4.2e-4'],
  [0.0123456, '0.0123'],
  [-3.14159, '-3.14'],
  [99.96, '100'],
  [999.4, '999'],
  [1234.5, '1,235'],
  [-1234567, '-1,234,567'],
  [100000, '100,000'],
])('writes %s as %s', (value, text) => expect(shortNumber(value)).toBe(text));

it('writes a share in percent', () => expect(percent(0.1234)).toBe('12.3 %'));
