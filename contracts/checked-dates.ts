/** Checks days and months in commands and settings. */
import { EXPECTED_DAY, EXPECTED_MONTH, isDay, isMonth } from './calendar.ts';
import { CitibikeError } from './errors.ts';
import { showValue } from './show-value.ts';

const UNITS = {
  day: { isValid: isDay, expected: EXPECTED_DAY },
  month: { isValid: isMonth, expected: EXPECTED_MONTH },
} as const;
export type DateUnit = keyof typeof UNITS;

/** Returns the text if it has the form of the unit. @throws CitibikeError INVALID_INPUT that names field, value and form. */
export function checkedDate(unit: DateUnit, field: string, text: string): string {
  const { isValid, expected } = UNITS[unit];
  if (isValid(text)) return text;
  throw new CitibikeError('INVALID_INPUT', `${field}: got ${showValue(text)}, expected ${expected}`, {
    field,
    value: text,
  });
}

/** Represents a span of days or months. Undefined bounds are open. */
interface Span {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * Checks both bounds and their order.
 * @param names that messages use for the bounds.
 * @throws CitibikeError INVALID_INPUT that names the field, its value and the expected form.
 */
export function checkedSpan<T extends Span>(
  unit: DateUnit,
  span: T,
  names: { readonly from: string; readonly to: string } = { from: '--from', to: '--to' },
): T {
  const { from, to } = span;
  if (from !== undefined) checkedDate(unit, names.from, from);
  if (to !== undefined) checkedDate(unit, names.to, to);
  if (from !== undefined && to !== undefined && to < from) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${names.to}: got ${to}, expected a ${unit} not before ${names.from} ${from}`,
      { field: names.to, value: to },
    );
  }
  return span;
}
