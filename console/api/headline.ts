/** Summarizes the result of a stage's run in a few words. */
import type { DeploymentResult } from '../../contracts/workflows/deployment.ts';
import type { IngestResult } from '../../contracts/workflows/ingest.ts';
import type { MonitoringResult } from '../../contracts/workflows/monitoring.ts';
import type { PromotionResult } from '../../contracts/workflows/promotion.ts';
import type { TrainingResult } from '../../contracts/workflows/training.ts';
import type { StageBody } from './schemas/overview.ts';

const count = new Intl.NumberFormat('en-US');

function figure(value: number | undefined): string {
  return value === undefined ? '?' : count.format(Math.round(value * 10) / 10);
}

/**
 * Returns the summary.
 * @param result result of any version of the code; missing fields are left out.
 */
export function headlineOf(stage: StageBody['stage'], result: unknown): string {
  if (typeof result !== 'object' || result === null) return 'completed';
  switch (stage) {
    case 'fetch': {
      const { months, missing = [] } = result as Partial<IngestResult>;
      return `${figure(months)} months${missing.length > 0 ? `, ${missing.length} missing at the source` : ''}`;
    }
    case 'preprocess': {
      const { hours, trips } = result as Partial<IngestResult>;
      return `${figure(trips)} trips in ${figure(hours)} hours`;
    }
    case 'train': {
      const { metrics, naive } = result as Partial<TrainingResult>;
      return `RMSE ${figure(metrics?.rmse)} trips/h${naive ? ` (naive ${figure(naive.rmse)})` : ''}`;
    }
    case 'register': {
      const { version, promotion } = result as Partial<TrainingResult>;
      return `version ${version ?? '?'} ${promotion?.promote ? 'promoted' : 'kept as a candidate'}`;
    }
    case 'deploy': {
      const { version, processes, servedBy, promote } = result as Partial<DeploymentResult & PromotionResult>;
      if (promote === false) return `version ${version ?? '?'} was not promoted`;
      const by = (processes ?? servedBy)?.length;
      return `version ${version ?? '?'}${by === undefined ? '' : ` on ${by} process${by === 1 ? '' : 'es'}`}`;
    }
    case 'drift': {
      const { decision, reasons = [] } = result as Partial<MonitoringResult>;
      return [decision ?? 'checked', reasons[0]].filter(Boolean).join(': ');
    }
  }
}
