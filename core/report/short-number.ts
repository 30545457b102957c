/** Three significant digits, no exponent for everyday sizes. */
export function shortNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en-US');
  return size >= 0.001 ? String(Number(value.toPrecision(3))) : value.toExponential(1);
}

/** `0.1234` as `12.3 %`. */
export function percent(share: number): string {
  return `${shortNumber(100 * share)} %`;
}
