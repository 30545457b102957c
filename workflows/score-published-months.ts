/** Scores the forecasts that were issued for published months. */
import { isCancellation, log } from '@temporalio/workflow';
import type { ArtifactRef } from '../contracts/artifact.ts';
import type { SystemId } from '../contracts/systems.ts';
import { buildFrame, listForecastMonths, scoreForecasts } from './activities.ts';
import { rootMessage } from './root-message.ts';

export interface PublishedMonths {
  readonly system: SystemId;
  readonly dataset: ArtifactRef;
  readonly cache: boolean;
}

/**
 * Scores the months that have forecasts, unless they have scores and did not change. A failure is logged, because the months are in place
 * without scores; the next run that reads them scores them.
 * @param changed months that were composed again.
 */
export async function scorePublishedMonths(
  { system, dataset, cache }: PublishedMonths,
  changed: readonly string[],
): Promise<void> {
  try {
    const { months } = await listForecastMonths({ dataset });
    for (const { model, month, scored } of months) {
      if (scored && !changed.includes(month)) continue;
      const { ref, synthetic } = await buildFrame({ dataset, span: { from: month, to: month }, cache });
      await scoreForecasts({ system, model, month, frame: ref, synthetic });
    }
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn(`forecasts were not scored: ${rootMessage(error)}`);
  }
}
