/** Computes tails of the two-sample Cramér-von Mises statistic, with the arithmetic and rounding of Evidently's copy of SciPy. */
import { besselKQuarter } from './bessel-k.ts';

/** Terms below this end the series, as in SciPy. P-values below about 1e-7 are inexact. */
const SMALLEST_TERM = 1e-7;

/** Returns P(W² ≤ x) of infinite samples (Csörgő & Faraway 1996, equation 1.3). */
export function limitingCdf(x: number): number {
  let sum = 0;
  // Γ(k + ½) / Γ(k + 1)
  let ratio = Math.sqrt(Math.PI);
  for (let k = 0; ; k++) {
    const y = 4 * k + 1;
    const q = y ** 2 / (16 * x);
    const factor = ratio / (Math.PI ** 1.5 * Math.sqrt(x));
    const term = factor * Math.sqrt(y) * Math.exp(-q) * besselKQuarter(q);
    sum += term;
    if (!(term >= SMALLEST_TERM)) return sum;
    ratio *= (k + 0.5) / (k + 1);
  }
}

/**
 * Returns P(U ≥ u) for two samples of m and n values without ties, by counting orders with each value of the statistic (Xiao, Gordon &
 * Yakovlev 2006). Like Evidently, it counts in half or single precision if there are more orders than values of the statistic. The
 * error of the p-value is up to a thousandth for 5 to 9 values, and 1e-7 for more.
 * @param u Anderson's U of mid-ranks. @param roundQuotient rounds as NumPy does from version 2.
 */
export function exactTail(u: number, m: number, n: number, roundQuotient: boolean): number {
  const multiple = (m / greatestDivisor(m, n)) * n;
  const [a, b] = [multiple / m, multiple / n];
  const pairs = m * n;
  const least = Math.floor((multiple ** 2 * (m + n) * (6 * u - pairs * (4 * pairs - 1))) / (6 * pairs ** 2));
  const orders = ordersOf(m, n);
  const round = orders <= multiple ** 2 * (m + n) ? exactly : orders <= LARGEST_HALF ? toHalf : Math.fround;

  // tables[v] counts the paths to (row, v) by value of the statistic.
  let tables: Table[] = Array.from({ length: m + 1 }, (_, v) => (v === 0 ? [{ value: 0, count: 1 }] : []));
  for (let row = 0; row <= n; row++) {
    let left: Table = [];
    tables = tables.map((above, column) => {
      const step = (a * column - b * row) ** 2;
      left = joined(left, above, round).map(({ value, count }) => ({ value: round(value + step), count }));
      return left;
    });
  }
  // Before version 2, NumPy compares in the precision of the table.
  const bound = roundQuotient ? least : round(least);
  let extreme = 0;
  for (const { value, count } of tables[m]!) if (value >= bound) extreme += count;
  return roundQuotient ? round(round(extreme) / round(orders)) : round(extreme) / orders;
}

type Table = readonly { readonly value: number; readonly count: number }[];

/** Adds counts of equal values. Half precision can make two values of a table equal; only the first is found, as in NumPy. */
function joined(left: Table, above: Table, round: (value: number) => number): Table {
  const firstAbove = new Map<number, number>();
  for (const [i, { value }] of above.entries()) if (!firstAbove.has(value)) firstAbove.set(value, i);
  const common = new Map<number, number>();
  const rest = left.filter(({ value, count }) => {
    const at = firstAbove.get(value);
    if (at === undefined || common.has(value)) return true;
    common.set(value, round(count + above[at]!.count));
    return false;
  });
  const both = [...common].sort(([x], [y]) => x - y).map(([value, count]) => ({ value, count }));
  return [
    ...both,
    ...rest,
    ...above.filter(({ value }, i) => !common.has(value) || firstAbove.get(value) !== i),
  ];
}

/** Returns C(m + n, m). */
function ordersOf(m: number, n: number): number {
  let orders = 1;
  for (let k = 1; k <= m; k++) orders = Math.round((orders * (n + k)) / k);
  return orders;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

const LARGEST_HALF = 65_504;
/** Bits of the fraction of a half-precision number, including the leading one. */
const HALF_BITS = 11;

const exactly = (value: number): number => value;

/** Rounds to the nearest half-precision number, ties to even. `value` must be in the range of normal numbers. */
function toHalf(value: number): number {
  if (value === 0) return 0;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - HALF_BITS + 1);
  const scaled = value / unit;
  const floor = Math.floor(scaled);
  const up = scaled - floor > 0.5 || (scaled - floor === 0.5 && floor % 2 === 1);
  return (up ? floor + 1 : floor) * unit;
}
