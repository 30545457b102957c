/** Tails of the two-sample Cramér-von Mises statistic, with the arithmetic of Evidently's copy of SciPy's, rounding included. */
import { besselKQuarter } from './bessel-k.ts';

/** Term of the series below which it ends; SciPy's. P-values under about 1e-7 are what this leaves out. */
const SMALLEST_TERM = 1e-7;

/** P(W² ≤ x) of infinite samples: Csörgő & Faraway 1996, equation 1.3. */
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
 * P(U ≥ u) of two samples of m and n values without ties, counting the orders with each value of the statistic (Xiao, Gordon &
 * Yakovlev 2006). Evidently counts in half or single precision wherever there are more orders than the statistic has values, and
 * so does this: the p-value is off by up to a thousandth for 5 to 9 values, by 1e-7 for more.
 * @param u Anderson's U of mid-ranks. @param roundQuotient as NumPy does it from version 2 on.
 */
export function exactTail(u: number, m: number, n: number, roundQuotient: boolean): number {
  const multiple = (m / greatestDivisor(m, n)) * n;
  const [a, b] = [multiple / m, multiple / n];
  const pairs = m * n;
  const least = Math.floor((multiple ** 2 * (m + n) * (6 * u - pairs * (4 * pairs - 1))) / (6 * pairs ** 2));
  const orders = ordersOf(m, n);
  const round = orders <= multiple ** 2 * (m + n) ? exactly : orders <= LARGEST_HALF ? toHalf : Math.fround;

  // tables[v]: how many of the paths to (row, v) have each value of the statistic.
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

/** Counts of equal values added up. Half precision can make two values of one table equal: only the first is then found, as by NumPy. */
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

/** C(m + n, m). */
function ordersOf(m: number, n: number): number {
  let orders = 1;
  for (let k = 1; k <= m; k++) orders = Math.round((orders * (n + k)) / k);
  return orders;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

const LARGEST_HALF = 65_504;
/** Bits of a half-precision number's fraction, the leading one included. */
const HALF_BITS = 11;

const exactly = (value: number): number => value;

/** To the nearest half-precision number, ties to even; `value` within the range of normal ones. */
function toHalf(value: number): number {
  if (value === 0) return 0;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - HALF_BITS + 1);
  const scaled = value / unit;
  const floor = Math.floor(scaled);
  const up = scaled - floor > 0.5 || (scaled - floor === 0.5 && floor % 2 === 1);
  return (up ? floor + 1 : floor) * unit;
}
