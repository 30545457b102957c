/** The workflows that people start, and the schemas of their inputs. */
import { BacktestInput } from './backtest.ts';
import { BatchPredictionInput } from './batch-prediction.ts';
import { DeploymentInput } from './deployment.ts';
import { IngestInput } from './ingest.ts';
import { LifecycleInput } from './lifecycle.ts';
import { MonitoringInput } from './monitoring.ts';
import { RollbackInput } from './rollback.ts';
import { SearchInput } from './search.ts';
import { TrainingInput } from './training.ts';

export const INPUT_SCHEMAS = {
  lifecycle: LifecycleInput,
  ingest: IngestInput,
  training: TrainingInput,
  search: SearchInput,
  backtest: BacktestInput,
  deployment: DeploymentInput,
  monitoring: MonitoringInput,
  batchPrediction: BatchPredictionInput,
  rollback: RollbackInput,
} as const;
