/** Lists what a backtest measured beside its months, for terminal and page. */
import type { RegressionMetrics } from '../../contracts/model.ts';
import type { BacktestLeads, BacktestVariant } from '../../contracts/workflows/backtest.ts';

/** Returns the metrics by lead day and of observed weather; none if the weather is observed. */
export function leadLines({ leads = [], observed }: BacktestLeads): [name: string, RegressionMetrics][] {
  return [
    ...leads.map(({ leadDay, metrics }): [string, RegressionMetrics] => [`lead day ${leadDay}`, metrics]),
    ...(observed ? [['observed weather', observed] satisfies [string, RegressionMetrics]] : []),
  ];
}

/** Says which models predict. */
export function modelsOf({ refit }: BacktestVariant): string {
  return refit === 'never'
    ? 'One model of the months before the first predicts all months'
    : 'A model from before each month predicts it';
}

/** Says whether predictions follow the level; undefined without it. */
export function levelOf({ level }: BacktestVariant): string | undefined {
  return level && 'of the months that are published when a month begins, after the training';
}
