import { ParentClosePolicy, executeChild, sleep, workflowInfo } from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { PromotionInput } from '../contracts/workflows/promotion.ts';
import type { PromotionResult } from '../contracts/workflows/promotion.ts';
import { promotion } from './promotion.ts';

/** The id is the lock: one promotion or rollback of a model at a time; who meets another waits and tries again. */
export const promotionId = (model: string): string => `promotion-${model}`;

export async function promoteUnderLock(input: PromotionInput): Promise<PromotionResult> {
  for (;;) {
    try {
      return await executeChild(promotion, {
        workflowId: promotionId(input.model),
        args: [input],
        // A promotion half-way is worse than one too many: it goes on when whoever asked for it is terminated.
        parentClosePolicy: ParentClosePolicy.ABANDON,
        memo: { startedBy: workflowInfo().workflowId },
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await sleep('2s');
    }
  }
}
