/** Three significant digits, no exponent for everyday sizes. */
export function shortNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 100) return withThousands(Math.round(value));
  return size >= 0.001 ? String(Number(value.toPrecision(3))) : value.toExponential(1);
}

/** `0.1234` as `12.3 %`. */
export function percent(share: number): string {
  return `${shortNumber(100 * share)} %`;
}

/** `-1,234`, as toLocaleString writes it; that loads the tables of all languages, which takes longer than a page does. */
function withThousands(whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ',');
}
