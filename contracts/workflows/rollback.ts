/** Workflow `rollback`: goes back to an earlier version. */
import { Type, type Static } from 'typebox';
import { ModelName, VersionNumber, Reason } from '../options.ts';
import type { PromotionResult } from './promotion.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

/** Back to the version before, or to a named one. */
export const RollbackInput = Type.Object(
  {
    model: Type.Optional(ModelName),
    /** Left out: the version with alias `previous`. */
    version: Type.Optional(VersionNumber),
    reason: Type.Optional(Reason),
  },
  { additionalProperties: false },
);
export type RollbackInput = Static<typeof RollbackInput>;

export const contract: WorkflowContract = {
  name: 'rollback',
  title: 'Roll back',
  description: 'Make the previous version, or one by number, champion again and serve it.',
  input: RollbackInput,
  start: { order: 90, example: { reason: 'predictions are too high' } },
};

export interface RollbackResult extends PromotionResult {
  readonly model: string;
}
