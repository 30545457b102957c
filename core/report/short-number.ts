/** Formats a number with three significant digits, and without an exponent for common magnitudes. */
export function shortNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 100) return withThousands(Math.round(value));
  return size >= 0.001 ? String(Number(value.toPrecision(3))) : value.toExponential(1);
}

/** Formats `0.1234` as `12.3 %`. */
export function percent(share: number): string {
  return `${shortNumber(100 * share)} %`;
}

/** Formats `-1,234` like toLocaleString, which is slower because it loads the tables of all languages. */
function withThousands(whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ',');
}
