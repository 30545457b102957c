/** Workflow `rollback`: makes an earlier version champion again. */
import { Type, type Static } from 'typebox';
import { ModelName, Reason, VersionNumber } from '../options.ts';
import type { PromotionResult } from './promotion.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

export const RollbackInput = Type.Object(
  {
    model: Type.Optional(ModelName),
    version: Type.Optional(
      Type.String({
        ...VersionNumber,
        title: 'version to roll back to; default: the version of alias `previous`',
      }),
    ),
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
  versioning: 'pinned',
  start: { order: 90, example: { reason: 'predictions are too high' } },
};

export interface RollbackResult extends PromotionResult {
  readonly model: string;
}
