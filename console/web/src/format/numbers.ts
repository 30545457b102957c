/** Formats numbers with grouped thousands, significant digits and a typographic minus sign. */

/** Formats about four significant digits: `12,345`, `123.4`, `0.0123`; `–` for a missing value. */
export function number(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && magnitude < 1e-4) return withMinus(value.toExponential(1));
  const decimals = magnitude >= 1000 || Number.isInteger(value) ? 0 : decimalsOf(magnitude, digits);
  return withMinus(
    value.toLocaleString('en-US', { maximumFractionDigits: decimals, minimumFractionDigits: 0 }),
  );
}

/** Formats like `number`, with trailing zeros, so that the figures of a column line up. */
export function alignedNumber(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const magnitude = Math.abs(value);
  if (Number.isInteger(value) || magnitude >= 1000 || magnitude < 1e-4) return number(value, digits);
  return withMinus(value.toFixed(decimalsOf(magnitude, digits)));
}

function decimalsOf(magnitude: number, digits: number): number {
  const before = magnitude < 1 ? 0 : Math.floor(Math.log10(magnitude)) + 1;
  const zerosAfterPoint = magnitude > 0 && magnitude < 1 ? -Math.floor(Math.log10(magnitude)) - 1 : 0;
  return Math.max(0, Math.min(8, digits - before + zerosAfterPoint));
}

/** Formats `1.2k` or `3.4M`, for axes and tight places. */
export function compactNumber(value: number): string {
  const magnitude = Math.abs(value);
  for (const [unit, suffix] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (magnitude >= unit) return `${number(value / unit, 3)}${suffix}`;
  }
  return number(value, 3);
}

export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return '–';
  return `${number(share * 100, 3)} %`;
}

/** Formats `812 B`, `4.2 kB` or `1.3 GB`, in powers of a thousand. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let amount = value;
  let unit = 0;
  while (amount >= 999.5 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${number(amount, 3)} ${units[unit]}`;
}

/** Formats with a sign: `+3.2`, `−4.1`, `0`. */
export function signed(value: number, digits = 4): string {
  return value > 0 ? `+${number(value, digits)}` : number(value, digits);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

function withMinus(text: string): string {
  return text.replace('-', '−');
}
