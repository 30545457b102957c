/** Names the metrics of models, with unit and best value, for pages and tables. It loads no library, so that the browser can read it. */

export interface MetricFacts {
  /** Name within a sentence, such as `test RMSE` or `bias on hidden weeks`. */
  readonly name: string;
  readonly unit?: string;
  /** Factor from the stored value to the unit; absent for 1. */
  readonly scale?: number;
  /** Stored value at which the metric is best; absent for a metric that describes the data or a benchmark. */
  readonly best?: number;
}

const TRIPS = 'trips per hour';
const PERCENT = { unit: '%', scale: 100 } as const;

const METRICS: ReadonlyMap<string, MetricFacts> = new Map(
  Object.entries({
    rmse: { name: 'RMSE', unit: TRIPS, best: -Infinity },
    mae: { name: 'MAE', unit: TRIPS, best: -Infinity },
    r2: { name: 'R²', best: Infinity },
    bias: { name: 'bias', unit: TRIPS, best: 0 },
    mape: { name: 'MAPE', unit: '%', best: -Infinity },
    coverage: { name: 'coverage of the 90 % interval', ...PERCENT, best: 0.9 },
    width: { name: 'width of the 90 % interval', unit: TRIPS },
    winkler: { name: 'Winkler score of the 90 % interval', unit: TRIPS, best: -Infinity },
    rows: { name: 'hours' },
    loss: { name: 'loss', best: -Infinity },
    learning_rate: { name: 'learning rate' },
    growth_yearly: { name: 'growth per year', ...PERCENT },
    growth_yearly_standard_error: { name: 'standard error of the growth per year', ...PERCENT },
    trainer_seconds: { name: 'trainer time', unit: 's' },
  }),
);

interface Variant {
  readonly prefix: string;
  readonly nameOf: (metric: string) => string;
  readonly isBenchmark?: boolean;
}

/** Beginnings of keys that tell what a metric was measured on. */
const VARIANTS: readonly Variant[] = [
  { prefix: 'test_', nameOf: (metric) => `test ${metric}` },
  { prefix: 'naive_', nameOf: (metric) => `naive ${metric}`, isBenchmark: true },
  { prefix: 'without_growth_', nameOf: (metric) => `${metric} without growth`, isBenchmark: true },
  { prefix: 'week_blocks_', nameOf: (metric) => `${metric} on hidden weeks` },
  { prefix: 'random_split_', nameOf: (metric) => `${metric} on random hidden hours` },
  { prefix: 'train_', nameOf: (metric) => `training ${metric}` },
  { prefix: 'held_out_', nameOf: (metric) => `validation ${metric}` },
  { prefix: 'val_', nameOf: (metric) => `validation ${metric}` },
];

/** Returns the facts of a metric by its key in MLflow, such as `test_rmse`. An unknown metric keeps its key as its name. */
export function metricFacts(key: string): MetricFacts {
  const known = METRICS.get(key);
  if (known) return known;
  const variant = VARIANTS.find(({ prefix }) => key.startsWith(prefix));
  const measured = variant && METRICS.get(key.slice(variant.prefix.length));
  if (!measured) return { name: key };
  const { best, ...facts } = measured;
  const name = variant.nameOf(measured.name);
  return best === undefined || variant.isBenchmark ? { ...facts, name } : { ...facts, name, best };
}

/** Returns the title of a metric, such as `Test RMSE`. An unknown key stays as it is. */
export function metricTitle(key: string): string {
  const { name } = metricFacts(key);
  const isKnown = METRICS.has(key) || name !== key;
  return isKnown ? `${name[0]!.toUpperCase()}${name.slice(1)}` : key;
}

/** Returns title and unit of a metric, such as `Test RMSE, trips per hour`. */
export function metricLabel(key: string): string {
  const { unit } = metricFacts(key);
  return unit === undefined ? metricTitle(key) : `${metricTitle(key)}, ${unit}`;
}

/** Sorts keys by importance: metrics without variant first, unknown ones last. */
export function metricsInOrder(keys: readonly string[]): string[] {
  return [...keys].sort((a, b) => rankOf(a) - rankOf(b) || a.localeCompare(b));
}

function rankOf(key: string): number {
  const variant = METRICS.has(key) ? -1 : VARIANTS.findIndex(({ prefix }) => key.startsWith(prefix));
  const metric = variant === -1 ? key : key.slice(VARIANTS[variant]!.prefix.length);
  const place = [...METRICS.keys()].indexOf(metric);
  return place === -1 ? VARIANTS.length * METRICS.size : (variant + 1) * METRICS.size + place;
}

/** Returns a stored value in the unit of its metric: `89.5` for a coverage of `0.895`. */
export function inUnitOf(key: string, value: number): number {
  return value * (metricFacts(key).scale ?? 1);
}
