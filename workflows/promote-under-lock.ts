import { ParentClosePolicy, executeChild, patched, sleep, workflowInfo } from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { PromotionInput } from '../contracts/workflows/promotion.ts';
import type { PromotionResult } from '../contracts/workflows/promotion.ts';
import { promotion } from './promotion.ts';

const SHORTEST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** Limits how much longer than the lock was held a run waits, as a share of that time. */
const WAITED_SHARE = 1 / 16;

/** Returns the workflow id of a model's promotions. The id is a lock: one promotion or rollback of a model runs at a time. */
export const promotionId = (model: string): string => `promotion-${model}`;

/** Runs the promotion as soon as no other promotion of the model runs. */
export async function promoteUnderLock(input: PromotionInput): Promise<PromotionResult> {
  const since = Date.now();
  for (;;) {
    try {
      return await executeChild(promotion, {
        workflowId: promotionId(input.model),
        args: [input],
        // A promotion must not stop half-way, so it outlives the run that started it.
        parentClosePolicy: ParentClosePolicy.ABANDON,
        memo: { startedBy: workflowInfo().workflowId },
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const backsOff = patched('promotion-lock-backs-off');
      await sleep(backsOff ? lockWaitMs(Date.now() - since) : SHORTEST_WAIT_MS);
    }
  }
}

/**
 * Returns how long to wait before the next attempt. An attempt writes 10 events: about 3,700 on the first day and 2,900 on each later
 * day, of the 51,200 that a history can hold.
 */
export function lockWaitMs(waitedMs: number): number {
  return Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, waitedMs * WAITED_SHARE));
}
